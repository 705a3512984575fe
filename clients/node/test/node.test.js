// localfax exec -- node --test
import assert from "node:assert/strict";
import { test } from "node:test";
import { faxcloud } from "localfax";

test("a busy line is tried again", async (t) => {
  const cloud = await faxcloud(t);
  await cloud.when({ to: "+12125550123" }, "busy", { delivered: { pages: 1 } });

  const { accessToken = "" } = cloud.credentials("ifax"); // what your application is configured with
  await fetch(`${cloud.baseUrl("ifax")}/v1/customer/fax-send`, {
    method: "POST",
    headers: { accessToken, "Content-Type": "application/json" },
    body: JSON.stringify({ faxNumber: "+12125550123", faxData: [{ fileName: "hello.png", fileData: PNG }] }),
  });

  await cloud.settle();
  const [fax] = await cloud.faxes();
  assert.equal(fax?.state, "delivered");
  assert.deepEqual(fax.attempts.map((call) => call.outcome), ["busy", "delivered"]);
});

const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABAQAAAAA3bvkkAAAACklEQVR42mNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==";
