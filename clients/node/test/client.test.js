// Every method of the client against a real server: localfax exec -- node --test clients/node/test/
import assert from "node:assert/strict";
import { test } from "node:test";
import { Localfax, Refusal, faxcloud } from "localfax";

const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABAQAAAAA3bvkkAAAACklEQVR42mNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==";

/** @param {import("localfax").Sandbox} cloud @param {string} to */
async function send(cloud, to) {
  const { accessToken = "" } = cloud.credentials("ifax");
  const file = { fileName: "hello.png", fileData: PNG };
  await fetch(`${cloud.baseUrl("ifax")}/v1/customer/fax-send`, {
    method: "POST",
    headers: { accessToken, "Content-Type": "application/json" },
    body: JSON.stringify({ faxNumber: to, faxData: [file] }),
  });
}

test("a sandbox of its own has a clock that stands, the test's name, and goes", async (t) => {
  const cloud = await faxcloud(t, { seed: "node" });
  assert.equal(cloud.data.name, t.name);
  assert.deepEqual([cloud.data.seed, cloud.data.clock.mode], ["node", "manual"]);
  const other = await new Localfax().create();
  assert.notEqual(other.credentials("ifax").accessToken, cloud.credentials("ifax").accessToken);
  await other.delete();
  await assert.rejects(new Localfax().sandbox(other.id), { name: "Refusal", status: 404, code: "not_found" });
});

test("exec's own sandbox is found by its variables", async () => {
  const { id } = await new Localfax().sandbox();
  assert.equal(id, process.env.LOCALFAX_SANDBOX);
});

test("settings are read and changed", async (t) => {
  const cloud = await faxcloud(t);
  await cloud.settings("mfax", { balance: 2.5, numbers: ["+12125550100"] });
  await cloud.webhooksTo("http://127.0.0.1:9/hook");
  const { balance, numbers, webhooks } = await cloud.settings("mfax");
  assert.deepEqual({ balance, numbers }, { balance: 2.5, numbers: ["+12125550100"] });
  assert.equal(webhooks.inbound.url, "http://127.0.0.1:9/hook");
  await assert.rejects(cloud.settings("mfax", { balance: /** @type {any} */ ("much") }), { field: "balance" });
});

test("somebody faxes us, and a webhook that nobody takes is sent again", async (t) => {
  const cloud = await faxcloud(t);
  await cloud.webhooksTo("http://127.0.0.1:9/hook", "ifax");
  const arriving = await cloud.receive({ vendor: "ifax", to: "+12125550100", from: "+12125550188", force: true, pages: 2 });
  assert.equal(arriving.direction, "inbound");
  await cloud.settle();
  const fax = await cloud.fax(arriving.id);
  assert.deepEqual([fax.state, fax.pages], ["arrived", { total: 2, sent: 2 }]);
  const [webhook] = await cloud.webhooks({ fax: fax.id });
  assert.ok(webhook?.attempts.every((each) => each.error === "unreachable"));
  assert.equal((await cloud.resend(webhook.id)).id, webhook.id);
});

test("time goes by a span, to an instant, and until a state", async (t) => {
  const cloud = await faxcloud(t, { clock: { mode: "manual", now: "2030-01-01T00:00:00Z" } });
  await cloud.receive({ vendor: "ifax", to: "+12125550100", from: "+12125550188", force: true });
  const [first] = await cloud.advance("1m");
  assert.match(first?.at ?? "", /^2030-01-01T00:00:0/);
  await cloud.advance({ until: { fax: "fax-1", state: "arrived" } });
  assert.deepEqual(await cloud.advance({ to: "2030-02-01T00:00:00Z" }), []);
});

test("what the application sends is waited for", async (t) => {
  const cloud = await faxcloud(t);
  await cloud.next({ use: "busy-then-delivered" });
  const [fax] = await Promise.all([cloud.wait({ vendor: "ifax" }), send(cloud, "+12125550123")]);
  assert.equal(fax.to, "+12125550123");
  await cloud.settle();
  assert.equal((await cloud.fax(fax.id)).attempts.length, 2);
  const [call] = await cloud.calls({ vendor: "ifax" });
  assert.deepEqual([call?.status, call?.matched.fax], [200, fax.id]);
  await assert.rejects(cloud.wait({ vendor: "kazoo" }, 0.01), /no fax with {"vendor":"kazoo"} within 0.01 s/);
});

test("lists are read to their end, or as far as is asked", async (t) => {
  const cloud = await faxcloud(t);
  for (let count = 0; count < 101; count++) {
    await cloud.receive({ vendor: "ifax", to: "+12125550100", from: "+12125550188", force: true });
  }
  assert.equal((await cloud.faxes()).length, 101);
  assert.equal((await cloud.faxes({ limit: 3 })).length, 3);
});

test("mistakes are refused with what was meant", async (t) => {
  const cloud = await faxcloud(t);
  await assert.rejects(cloud.when({}, "buzy"), (wrong) => {
    assert.ok(wrong instanceof Refusal);
    assert.match(wrong.message, /unknown outcome 'buzy'; did you mean busy\?/);
    return true;
  });
  await assert.rejects(new Localfax("http://127.0.0.1:9/").sandbox(), TypeError);
});
