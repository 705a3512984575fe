// Sends faxes by iFax with Node. Its fault: when the connection is cut it sends again, and does not look whether
// the fax was taken. `localfax explore` finds: submit:cut-after, two faxes for one order.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const base = process.env.LOCALFAX_IFAX_BASE_URL;
const headers = { accessToken: process.env.LOCALFAX_IFAX_ACCESS_TOKEN, "Content-Type": "application/json" };
const letter = readFileSync(new URL("letter.pdf", import.meta.url)).toString("base64");
const orders = new Map();
const pause = (seconds) => new Promise((done) => setTimeout(done, 1000 * seconds));

async function ask(path, body) {
  const answer = await fetch(`${base}/v1/customer/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw Object.assign(new Error(`HTTP ${answer.status}`), { answer });
  return JSON.parse(text);
}

async function find(to) {
  const { data } = await ask("fax-lists", {});
  return data.find((row) => row.toNumber === `+${to}`)?.jobId;
}

async function submit(to) {
  const file = { fileName: "letter.pdf", fileData: letter };
  for (let place = 0; place < 3; place += 1) {
    try {
      return (await ask("fax-send", { faxNumber: `+${to}`, faxData: [file] })).data.jobId;
    } catch (wrong) {
      if (wrong.answer?.status === 429) await pause(Number(wrong.answer.headers.get("Retry-After") ?? 1));
      else if (wrong.answer) {
        const job = await find(to).catch(() => undefined);
        if (job) return job;
      }
      // The fault: no answer at all is taken for "not sent".
    }
  }
  return undefined;
}

function learn(order, word) {
  if (order.state !== "sending" || word === "sending") return;
  order.state = word === "delivered" ? "delivered" : "failed";
  order.effects += 1;
}

async function send(form) {
  const [to, number] = [form.get("to"), form.get("order") ?? form.get("to")];
  if (orders.has(number)) return [200, orders.get(number)];
  const order = { to, job: null, state: "sending", effects: 0 };
  orders.set(number, order);
  order.job = (await submit(to)) ?? null;
  if (order.job === null) learn(order, "failed");
  return [200, order];
}

function hook(body) {
  let told;
  try {
    told = JSON.parse(body);
  } catch {
    return [400, {}];
  }
  const fits = (order) => order.job === told.jobId || (order.job === null && `+${order.to}` === told.toNumber);
  const order = [...orders.values()].find(fits);
  if (!order) return [404, {}];
  learn(order, told.faxStatus);
  return [200, {}];
}

async function show(to) {
  const order = [...orders.values()].find((each) => each.to === to);
  if (!order) return [404, {}];
  if (order.state === "sending" && order.job !== null) {
    const told = await ask("fax-status", { jobId: order.job }).catch(() => undefined);
    if (told?.data) learn(order, told.data.faxStatus);
  }
  return [200, order];
}

createServer(async (request, response) => {
  let body = "";
  for await (const piece of request) body += piece;
  const url = new URL(request.url, "http://here");
  const [status, answer] =
    request.method === "GET" ? await show(url.searchParams.get("to"))
    : url.pathname === "/hook" ? hook(body)
    : await send(new URLSearchParams(body));
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(answer));
}).listen(Number(process.env.PORT ?? 8000), "127.0.0.1", function () {
  console.log(`listening on ${this.address().port}`);
});
