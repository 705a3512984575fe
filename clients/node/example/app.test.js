// Run it with: localfax exec -- node --test clients/node/example/
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { faxcloud } from "localfax";
import { createApp } from "./app.js";

const FILE = {
  fileName: "letter.png",
  fileData: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABAQAAAAA3bvkkAAAACklEQVR42mNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==",
};

/** @param {import("node:test").TestContext} t */
async function start(t) {
  const cloud = await faxcloud(t);
  const { accessToken } = cloud.credentials("ifax");
  const app = createApp({ baseUrl: cloud.baseUrl("ifax"), accessToken }).listen(0, "127.0.0.1");
  t.after(() => void app.close());
  await once(app, "listening");
  const url = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (app.address()).port}`;
  await cloud.webhooksTo(`${url}/webhooks/ifax`, "ifax");
  /** @param {string} to */
  const post = async (to) => {
    const answer = await fetch(`${url}/letters`, { method: "POST", body: JSON.stringify({ to, ...FILE }) });
    return { status: answer.status, ...await json(answer) };
  };
  /** @param {string} id */
  const read = async (id) => json(await fetch(`${url}/letters/${id}`));
  return { cloud, post, read };
}

/** @param {Response} answer @returns {Promise<any>} */
const json = (answer) => answer.json();

test("a busy line delays a letter, and it is delivered", async (t) => {
  const { cloud, post, read } = await start(t);
  await cloud.when({ to: "+12125550123" }, "busy", "delivered");
  const { id } = await post("+12125550123");
  assert.deepEqual(await read(id), { to: "+12125550123", state: "sending" });
  await cloud.settle();
  assert.deepEqual(await read(id), { to: "+12125550123", state: "delivered" });
  const [fax] = await cloud.faxes({ to: "+12125550123" });
  assert.deepEqual(fax?.attempts.map((call) => call.outcome), ["busy", "delivered"]);
});

test("a webhook that comes twice changes nothing", async (t) => {
  const { cloud, post, read } = await start(t);
  await cloud.scenario({ attempts: ["no_answer"], webhook: { duplicate: 1 } });
  const { id } = await post("+12125550123");
  await cloud.settle();
  assert.equal((await read(id)).state, "failed");
  assert.equal((await cloud.webhooks()).length, 2);
});

test("no credit is said at once", async (t) => {
  const { cloud, post } = await start(t);
  await cloud.next({ http: { refusal: "no_credit" } });
  assert.equal((await post("+12125550123")).status, 502);
  assert.deepEqual(await cloud.faxes(), []);
});
