// An application that sends letters by fax through iFax and follows them by webhook. In production `baseUrl` is
// https://api.ifaxapp.com; in tests it is that of a sandbox.
import { createServer } from "node:http";

/** @param {{ baseUrl: string, accessToken: string }} ifax */
export function createApp({ baseUrl, accessToken }) {
  /** @type {Map<string, { to: string, state: string }>} */
  const letters = new Map();

  /** @param {{ to: string, fileName: string, fileData: string }} letter */
  async function send({ to, fileName, fileData }) {
    const answer = await fetch(`${baseUrl}/v1/customer/fax-send`, {
      method: "POST",
      headers: { accessToken, "Content-Type": "application/json" },
      body: JSON.stringify({ faxNumber: to, faxData: [{ fileName, fileData }] }),
    });
    const said = /** @type {any} */ (await answer.json().catch(() => ({ message: "no JSON came" })));
    if (said.status !== 1) return { status: 502, body: { error: said.message } };
    const id = String(said.data.jobId);
    letters.set(id, { to, state: "sending" });
    return { status: 202, body: { id } };
  }

  /** @param {{ jobId: string | number, faxStatus: string }} webhook */
  async function follow({ jobId, faxStatus }) {
    const letter = letters.get(String(jobId));
    if (letter && letter.state === "sending") letter.state = faxStatus;
    return { status: 200, body: {} };
  }

  /** @type {Record<string, (given: any) => Promise<{ status: number, body: object }>>} */
  const routes = { "POST /letters": send, "POST /webhooks/ifax": follow };

  /** @param {string} method @param {string} path @param {string} body */
  async function answer(method, path, body) {
    const route = routes[`${method} ${path}`];
    if (route) return route(JSON.parse(body));
    const letter = letters.get(path.replace("/letters/", ""));
    return letter ? { status: 200, body: letter } : { status: 404, body: {} };
  }

  return createServer(async (request, response) => {
    let text = "";
    for await (const part of request) text += part;
    const { status, body } = await answer(request.method ?? "", request.url ?? "", text);
    response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
  });
}
