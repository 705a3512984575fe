// A typed client of Localfax, and a sandbox for each test of node:test, vitest and Playwright. It needs nothing but Node.

/** @typedef {import("./openapi.d.ts").components["schemas"]} Things */
/** @typedef {import("./openapi.d.ts").operations} Operations */
/** @typedef {Things["Fax"]} Fax */
/** @typedef {Things["Delivery"]} Webhook */
/** @typedef {Things["Request"]} VendorCall */
/** @typedef {Things["Entry"]} Entry */
/** @typedef {Things["Settings"]} Settings */
/** @typedef {Body<"create_sandbox">} SandboxSettings */
/** @typedef {Body<"change_vendor">} SettingsChange */
/** @typedef {Body<"receive_fax">} Arrival */
/** @typedef {Exclude<Body<"add_scenarios">, unknown[] | { scenarios: unknown }>} Scenario */
/** @typedef {Query<"list_faxes">} FaxQuery */
/** @typedef {"openfax" | "kazoo" | "ifax" | "mfax" | "faxto"} Vendor */
/**
 * What an operation takes as its JSON body.
 * @template {keyof Operations} Name
 * @typedef {Operations[Name] extends { requestBody?: { content: { "application/json": infer Taken } } } ? Taken : never} Body
 */
/**
 * What an operation takes in its query.
 * @template {keyof Operations} Name
 * @typedef {NonNullable<Operations[Name]["parameters"]["query"]>} Query
 */

/** The server said no: an HTTP status, the error's code and message, and the field that is wrong. */
export class Refusal extends Error {
  /** @param {number} status @param {{ code: string, message: string, field?: string }} said */
  constructor(status, said) {
    super(said.field ? `${said.field}: ${said.message}` : said.message);
    this.name = "Refusal";
    this.status = status;
    this.code = said.code;
    this.field = said.field;
  }
}

/** A server by its URL: the one given, else LOCALFAX_URL (`localfax exec` sets it), else port 8329 of this machine. */
export class Localfax {
  constructor(url = process.env.LOCALFAX_URL || "http://127.0.0.1:8329") {
    this.url = url.replace(/\/+$/, "");
  }

  /** Make a sandbox; without `clock` its time stands still until it is advanced. @param {SandboxSettings} [settings] */
  async create(settings = {}) {
    const made = await this.ask("POST", "/sandboxes", { clock: { mode: "manual" }, ...settings });
    return new Sandbox(this, /** @type {Things["Sandbox"]} */ (made));
  }

  /** Find a sandbox; a Refusal says that there is none. */
  async sandbox(id = process.env.LOCALFAX_SANDBOX || "default") {
    return new Sandbox(this, /** @type {Things["Sandbox"]} */ (await this.ask("GET", `/sandboxes/${id}`)));
  }

  /**
   * Request `/_localfax{path}` and read its JSON; throws Refusal, or fetch's TypeError when nobody answers.
   * @param {string} method @param {string} path @param {unknown} [body] @param {Record<string, unknown>} [query]
   * @returns {Promise<unknown>}
   */
  async ask(method, path, body, query = {}) {
    const asked = new URL(`${this.url}/_localfax${path}`);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) asked.searchParams.set(name, String(value));
    }
    const answer = await fetch(asked, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw refusal(answer.status, text);
    return text ? JSON.parse(text) : undefined;
  }
}

/** @param {number} status @param {string} text */
function refusal(status, text) {
  try {
    return new Refusal(status, JSON.parse(text).error);
  } catch {
    return new Refusal(status, { code: "unexpected", message: `HTTP ${status}: ${text.slice(0, 200)}` });
  }
}

/** One world of a server: its own keys, faxes, time, journals and scenarios. */
export class Sandbox {
  /** @param {Localfax} server @param {Things["Sandbox"]} data */
  constructor(server, data) {
    this.server = server;
    this.data = data;
    this.id = data.id;
  }

  /** What stands before the vendor's own paths. @param {Vendor} vendor */
  baseUrl(vendor) {
    return this.data.vendors[vendor].base_url;
  }

  /** What the vendor knows this sandbox by, in the vendor's own names. @param {Vendor} vendor */
  credentials(vendor) {
    return this.data.vendors[vendor].credentials;
  }

  /** Read what a vendor's portal would set, or change it. @param {Vendor} vendor @param {SettingsChange} [change] */
  async settings(vendor, change) {
    const said = await this.ask(change ? "PATCH" : "GET", `/vendors/${vendor}`, change);
    return /** @type {Settings} */ (said);
  }

  /** Let vendors post their webhooks of both directions to a URL. @param {string} url @param {Vendor[]} vendors */
  async webhooksTo(url, ...vendors) {
    const all = /** @type {Vendor[]} */ (Object.keys(this.data.vendors));
    for (const vendor of vendors.length ? vendors : all) {
      await this.settings(vendor, { webhooks: { outbound: url, inbound: url } });
    }
  }

  /**
   * Say what becomes of the faxes that match: the outcome of each call ("busy", { delivered: { pages: 2 } }).
   * @param {NonNullable<Scenario["match"]>} match @param {...(string | object)} attempts
   */
  async when(match, ...attempts) {
    await this.scenario({ match, attempts });
  }

  /** Add a scenario as a standing rule, webhook and HTTP faults too. @param {Scenario} scenario */
  async scenario(scenario) {
    await this.ask("POST", "/scenarios", scenario);
  }

  /** Say what becomes of the next fax that fits; `{ use: NAME }` takes one of the catalogue.
   * @param {Scenario | { use: string }} scenario */
  async next(scenario) {
    await this.ask("POST", "/scenarios/next", scenario);
  }

  /**
   * Play everything for a while ("5m"), up to { to: instant }, or until { until: { fax, state } }; webhooks too.
   * @param {string | number | Body<"advance_clock">} target
   */
  async advance(target) {
    const body = typeof target === "object" ? target : { by: target };
    const said = /** @type {{ timeline: Entry[] }} */ (await this.ask("POST", "/clock/advance", body));
    return said.timeline;
  }

  /** Play everything until nothing is left to happen: every call, every webhook, every retry. */
  async settle() {
    return this.advance({ until: "idle" });
  }

  /** List the faxes that fit, newest first. @param {FaxQuery} [query] */
  async faxes(query) {
    return /** @type {Promise<Fax[]>} */ (this.rows("/faxes", "faxes", query));
  }

  /** Read a fax by its neutral id, like fax-1. @param {string} id */
  async fax(id) {
    return /** @type {Fax} */ (await this.ask("GET", `/faxes/${id}`));
  }

  /** Wait (real time) until a fax fits: for what the application is about to send. @param {FaxQuery} query */
  async wait(query = {}, seconds = 10) {
    const found = await this.ask("GET", "/faxes", undefined, { ...query, wait: `${seconds}s`, limit: 1 });
    const [fax] = /** @type {{ faxes: Fax[] }} */ (found).faxes;
    if (!fax) throw new Error(`no fax with ${JSON.stringify(query)} within ${seconds} s`);
    return fax;
  }

  /** Let somebody fax us. @param {Arrival} arrival */
  async receive(arrival) {
    return /** @type {Fax} */ (await this.ask("POST", "/inbound", arrival));
  }

  /** List the webhooks with their tries, newest first. @param {Query<"list_webhooks">} [query] */
  async webhooks(query) {
    return /** @type {Promise<Webhook[]>} */ (this.rows("/webhooks", "webhooks", query));
  }

  /** Send a webhook once more, by its id. @param {string} id */
  async resend(id) {
    return /** @type {Webhook} */ (await this.ask("POST", `/webhooks/${id}/replay`));
  }

  /** List the calls of the vendors' APIs, newest first, with near misses of those refused.
   * @param {Query<"list_requests">} [query] */
  async calls(query) {
    return /** @type {Promise<VendorCall[]>} */ (this.rows("/requests", "requests", query));
  }

  /** Remove the sandbox and all that is in it. */
  async delete() {
    await this.ask("DELETE", "");
  }

  /** Request a path below this sandbox's own.
   * @param {string} method @param {string} path @param {unknown} [body] @param {Record<string, unknown>} [query] */
  async ask(method, path, body, query) {
    return this.server.ask(method, `/sandboxes/${this.id}${path}`, body, query);
  }

  /** @param {string} path @param {string} plural @param {Record<string, unknown>} [query] */
  async rows(path, plural, query) {
    const found = [];
    let after = undefined;
    do {
      const page = /** @type {any} */ (await this.ask("GET", path, undefined, { ...query, after }));
      found.push(...page[plural]);
      after = page.next ?? undefined;
    } while (after !== undefined && query?.limit === undefined);
    return found;
  }
}

/**
 * A sandbox for one test of node:test: `const cloud = await faxcloud(t)`. That of a failed test stays, to be looked at.
 * @param {{ name: string, after: (done: () => Promise<void>) => void }} t @param {SandboxSettings} [settings]
 */
export async function faxcloud(t, settings) {
  const cloud = await new Localfax().create({ name: named(t.name), ...settings });
  t.after(() => done(cloud, /** @type {{ passed?: boolean }} */ (t).passed === false));
  return cloud;
}

/** A sandbox for each test of vitest: `const test = base.extend(vitestFixtures)`, then `test("…", ({ faxcloud }) => …)`. */
export const vitestFixtures = {
  /** @param {{ task: { name: string, result?: { state?: string } } }} context @param {(cloud: Sandbox) => Promise<void>} use */
  async faxcloud({ task }, use) {
    const cloud = await new Localfax().create({ name: named(task.name) });
    await use(cloud);
    await done(cloud, task.result?.state === "fail");
  },
};

/** A sandbox for each test of Playwright: `const test = base.extend(playwrightFixtures)`, and so on. */
export const playwrightFixtures = {
  /** @param {{}} context @param {(cloud: Sandbox) => Promise<void>} use @param {{ title: string, status?: string }} info */
  async faxcloud({}, use, info) {
    const cloud = await new Localfax().create({ name: named(info.title) });
    await use(cloud);
    await done(cloud, info.status !== "passed");
  },
};

/** @param {string} title */
function named(title) {
  return title.slice(0, 200) || "test";
}

/** @param {Sandbox} cloud @param {boolean} failed */
async function done(cloud, failed) {
  if (!failed) return cloud.delete();
  console.error(`localfax timeline --url ${cloud.server.url} --sandbox ${cloud.id}`);
}
