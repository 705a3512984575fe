/**
 * A sandbox for one test of node:test: `const cloud = await faxcloud(t)`. That of a failed test stays, to be looked at.
 * @param {{ name: string, after: (done: () => Promise<void>) => void }} t @param {SandboxSettings} [settings]
 */
export function faxcloud(t: {
    name: string;
    after: (done: () => Promise<void>) => void;
}, settings?: SandboxSettings): Promise<Sandbox>;
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
    constructor(status: number, said: {
        code: string;
        message: string;
        field?: string;
    });
    status: number;
    code: string;
    field: string | undefined;
}
/** A server by its URL: the one given, else LOCALFAX_URL (`localfax exec` sets it), else port 8329 of this machine. */
export class Localfax {
    constructor(url?: string);
    url: string;
    /** Make a sandbox; without `clock` its time stands still until it is advanced. @param {SandboxSettings} [settings] */
    create(settings?: SandboxSettings): Promise<Sandbox>;
    /** Find a sandbox; a Refusal says that there is none. */
    sandbox(id?: string): Promise<Sandbox>;
    /**
     * Request `/_localfax{path}` and read its JSON; throws Refusal, or fetch's TypeError when nobody answers.
     * @param {string} method @param {string} path @param {unknown} [body] @param {Record<string, unknown>} [query]
     * @returns {Promise<unknown>}
     */
    ask(method: string, path: string, body?: unknown, query?: Record<string, unknown>): Promise<unknown>;
}
/** One world of a server: its own keys, faxes, time, journals and scenarios. */
export class Sandbox {
    /** @param {Localfax} server @param {Things["Sandbox"]} data */
    constructor(server: Localfax, data: Things["Sandbox"]);
    server: Localfax;
    data: {
        id: string;
        name: string;
        seed: string;
        created_at: string;
        clock: import("./openapi.d.ts").components["schemas"]["Clock"];
        vendors: {
            [key: string]: {
                base_url: string;
                credentials: {
                    [key: string]: string;
                };
            };
        };
    };
    id: string;
    /** What stands before the vendor's own paths. @param {Vendor} vendor */
    baseUrl(vendor: Vendor): string;
    /** What the vendor knows this sandbox by, in the vendor's own names. @param {Vendor} vendor */
    credentials(vendor: Vendor): {
        [key: string]: string;
    };
    /** Read what a vendor's portal would set, or change it. @param {Vendor} vendor @param {SettingsChange} [change] */
    settings(vendor: Vendor, change?: SettingsChange): Promise<{
        balance: number;
        active: boolean;
        webhooks: {
            outbound: {
                url: string | null;
                auth: string | null;
            };
            inbound: {
                url: string | null;
                auth: string | null;
            };
        };
        numbers: string[];
        restricted_numbers: string[];
        lines: number | null;
        rates: {
            page: number;
            minute: number;
        };
        max_attempts: number;
        profile: Record<string, unknown>;
    }>;
    /** Let vendors post their webhooks of both directions to a URL. @param {string} url @param {Vendor[]} vendors */
    webhooksTo(url: string, ...vendors: Vendor[]): Promise<void>;
    /**
     * Say what becomes of the faxes that match: the outcome of each call ("busy", { delivered: { pages: 2 } }).
     * @param {NonNullable<Scenario["match"]>} match @param {...(string | object)} attempts
     */
    when(match: NonNullable<Scenario["match"]>, ...attempts: (string | object)[]): Promise<void>;
    /** Add a scenario as a standing rule, webhook and HTTP faults too. @param {Scenario} scenario */
    scenario(scenario: Scenario): Promise<void>;
    /** Say what becomes of the next fax that fits; `{ use: NAME }` takes one of the catalogue.
     * @param {Scenario | { use: string }} scenario */
    next(scenario: Scenario | {
        use: string;
    }): Promise<void>;
    /**
     * Play everything for a while ("5m"), up to { to: instant }, or until { until: { fax, state } }; webhooks too.
     * @param {string | number | Body<"advance_clock">} target
     */
    advance(target: string | number | Body<"advance_clock">): Promise<{
        at: string;
        kind: "state" | "call" | "webhook";
        fax: string | null;
        what: string;
    }[]>;
    /** Play everything until nothing is left to happen: every call, every webhook, every retry. */
    settle(): Promise<{
        at: string;
        kind: "state" | "call" | "webhook";
        fax: string | null;
        what: string;
    }[]>;
    /** List the faxes that fit, newest first. @param {FaxQuery} [query] */
    faxes(query?: FaxQuery): Promise<{
        id: string;
        vendor: string;
        direction: "outbound" | "inbound";
        to: string;
        from: string;
        state: "scheduled" | "received" | "rendering" | "credit_check" | "waiting_line" | "queued" | "dialing" | "transmitting" | "reporting" | "waiting_redial" | "credit_hold" | "retry_eligible" | "delivered" | "failed" | "cancelled" | "ringing" | "receiving" | "arrived";
        outcome: string | null;
        pages: {
            total: number;
            sent: number;
        };
        document: {
            digest: string | null;
            name: string | null;
            problem: string | null;
        };
        scenario: string | null;
        script: Record<string, unknown> | null;
        attempts: import("./openapi.d.ts").components["schemas"]["Attempt"][];
        created_at: string;
        finished_at: string | null;
        cost: number;
        vendor_view: {
            id: string;
            state: string;
            code: string | null;
            text: string | null;
        };
        timeline: import("./openapi.d.ts").components["schemas"]["Entry"][];
        webhooks?: {
            id: string;
            event: string;
            state: "pending" | "sending" | "delivered" | "failed" | "dropped";
            tries: number;
            status: number | null;
            error: string | null;
            due_at: string | null;
        }[];
    }[]>;
    /** Read a fax by its neutral id, like fax-1. @param {string} id */
    fax(id: string): Promise<{
        id: string;
        vendor: string;
        direction: "outbound" | "inbound";
        to: string;
        from: string;
        state: "scheduled" | "received" | "rendering" | "credit_check" | "waiting_line" | "queued" | "dialing" | "transmitting" | "reporting" | "waiting_redial" | "credit_hold" | "retry_eligible" | "delivered" | "failed" | "cancelled" | "ringing" | "receiving" | "arrived";
        outcome: string | null;
        pages: {
            total: number;
            sent: number;
        };
        document: {
            digest: string | null;
            name: string | null;
            problem: string | null;
        };
        scenario: string | null;
        script: Record<string, unknown> | null;
        attempts: import("./openapi.d.ts").components["schemas"]["Attempt"][];
        created_at: string;
        finished_at: string | null;
        cost: number;
        vendor_view: {
            id: string;
            state: string;
            code: string | null;
            text: string | null;
        };
        timeline: import("./openapi.d.ts").components["schemas"]["Entry"][];
        webhooks?: {
            id: string;
            event: string;
            state: "pending" | "sending" | "delivered" | "failed" | "dropped";
            tries: number;
            status: number | null;
            error: string | null;
            due_at: string | null;
        }[];
    }>;
    /** Wait (real time) until a fax fits: for what the application is about to send. @param {FaxQuery} query */
    wait(query?: FaxQuery, seconds?: number): Promise<{
        id: string;
        vendor: string;
        direction: "outbound" | "inbound";
        to: string;
        from: string;
        state: "scheduled" | "received" | "rendering" | "credit_check" | "waiting_line" | "queued" | "dialing" | "transmitting" | "reporting" | "waiting_redial" | "credit_hold" | "retry_eligible" | "delivered" | "failed" | "cancelled" | "ringing" | "receiving" | "arrived";
        outcome: string | null;
        pages: {
            total: number;
            sent: number;
        };
        document: {
            digest: string | null;
            name: string | null;
            problem: string | null;
        };
        scenario: string | null;
        script: Record<string, unknown> | null;
        attempts: import("./openapi.d.ts").components["schemas"]["Attempt"][];
        created_at: string;
        finished_at: string | null;
        cost: number;
        vendor_view: {
            id: string;
            state: string;
            code: string | null;
            text: string | null;
        };
        timeline: import("./openapi.d.ts").components["schemas"]["Entry"][];
        webhooks?: {
            id: string;
            event: string;
            state: "pending" | "sending" | "delivered" | "failed" | "dropped";
            tries: number;
            status: number | null;
            error: string | null;
            due_at: string | null;
        }[];
    }>;
    /** Let somebody fax us. @param {Arrival} arrival */
    receive(arrival: Arrival): Promise<{
        id: string;
        vendor: string;
        direction: "outbound" | "inbound";
        to: string;
        from: string;
        state: "scheduled" | "received" | "rendering" | "credit_check" | "waiting_line" | "queued" | "dialing" | "transmitting" | "reporting" | "waiting_redial" | "credit_hold" | "retry_eligible" | "delivered" | "failed" | "cancelled" | "ringing" | "receiving" | "arrived";
        outcome: string | null;
        pages: {
            total: number;
            sent: number;
        };
        document: {
            digest: string | null;
            name: string | null;
            problem: string | null;
        };
        scenario: string | null;
        script: Record<string, unknown> | null;
        attempts: import("./openapi.d.ts").components["schemas"]["Attempt"][];
        created_at: string;
        finished_at: string | null;
        cost: number;
        vendor_view: {
            id: string;
            state: string;
            code: string | null;
            text: string | null;
        };
        timeline: import("./openapi.d.ts").components["schemas"]["Entry"][];
        webhooks?: {
            id: string;
            event: string;
            state: "pending" | "sending" | "delivered" | "failed" | "dropped";
            tries: number;
            status: number | null;
            error: string | null;
            due_at: string | null;
        }[];
    }>;
    /** List the webhooks with their tries, newest first. @param {Query<"list_webhooks">} [query] */
    webhooks(query?: Query<"list_webhooks">): Promise<{
        id: string;
        vendor: string;
        fax: string | null;
        event: string;
        state: "pending" | "sending" | "delivered" | "failed" | "dropped";
        fault: string | null;
        created_at: string;
        due_at: string | null;
        request: {
            method: string;
            url: string;
            encoding: string;
            headers: {
                [key: string]: string;
            };
            fields: Record<string, unknown>;
            files: {
                name: string;
                filename: string;
                type: string;
                document: string;
            }[];
            auth: string | null;
        };
        attempts: {
            number: number;
            at: string;
            real_at: string;
            status: number | null;
            response: {
                status: number | null;
                headers: {
                    [key: string]: string;
                };
                body: string;
            } | null;
            error: string | null;
            seconds: number;
        }[];
    }[]>;
    /** Send a webhook once more, by its id. @param {string} id */
    resend(id: string): Promise<{
        id: string;
        vendor: string;
        fax: string | null;
        event: string;
        state: "pending" | "sending" | "delivered" | "failed" | "dropped";
        fault: string | null;
        created_at: string;
        due_at: string | null;
        request: {
            method: string;
            url: string;
            encoding: string;
            headers: {
                [key: string]: string;
            };
            fields: Record<string, unknown>;
            files: {
                name: string;
                filename: string;
                type: string;
                document: string;
            }[];
            auth: string | null;
        };
        attempts: {
            number: number;
            at: string;
            real_at: string;
            status: number | null;
            response: {
                status: number | null;
                headers: {
                    [key: string]: string;
                };
                body: string;
            } | null;
            error: string | null;
            seconds: number;
        }[];
    }>;
    /** List the calls of the vendors' APIs, newest first, with near misses of those refused.
     * @param {Query<"list_requests">} [query] */
    calls(query?: Query<"list_requests">): Promise<{
        id: number;
        at: string;
        real_at: string;
        vendor: string;
        sandbox: string | null;
        method: string;
        path: string;
        query: string;
        headers: {
            [key: string]: string;
        };
        body: string | {
            fields: {
                [key: string]: string[];
            };
            files: (string | null)[][];
        };
        matched: {
            endpoint: string | null;
            fax: string | null;
            scenario: string | null;
            fault: Record<string, unknown> | null;
        };
        made: string[];
        status: number;
        refused: boolean;
        answer_headers: {
            [key: string]: string;
        };
        answer: string;
        seconds: number;
        cut: {
            [key: string]: number;
        };
        near_misses: string[];
    }[]>;
    /** Remove the sandbox and all that is in it. */
    delete(): Promise<void>;
    /** Request a path below this sandbox's own.
     * @param {string} method @param {string} path @param {unknown} [body] @param {Record<string, unknown>} [query] */
    ask(method: string, path: string, body?: unknown, query?: Record<string, unknown>): Promise<unknown>;
    /** @param {string} path @param {string} plural @param {Record<string, unknown>} [query] */
    rows(path: string, plural: string, query?: Record<string, unknown>): Promise<any[]>;
}
export namespace vitestFixtures {
    /** @param {{ task: { name: string, result?: { state?: string } } }} context @param {(cloud: Sandbox) => Promise<void>} use */
    function faxcloud({ task }: {
        task: {
            name: string;
            result?: {
                state?: string;
            };
        };
    }, use: (cloud: Sandbox) => Promise<void>): Promise<void>;
}
export namespace playwrightFixtures {
    /** @param {{}} context @param {(cloud: Sandbox) => Promise<void>} use @param {{ title: string, status?: string }} info */
    function faxcloud({}: {}, use: (cloud: Sandbox) => Promise<void>, info: {
        title: string;
        status?: string;
    }): Promise<void>;
}
export type Things = import("./openapi.d.ts").components["schemas"];
export type Operations = import("./openapi.d.ts").operations;
export type Fax = Things["Fax"];
export type Webhook = Things["Delivery"];
export type VendorCall = Things["Request"];
export type Entry = Things["Entry"];
export type Settings = Things["Settings"];
export type SandboxSettings = Body<"create_sandbox">;
export type SettingsChange = Body<"change_vendor">;
export type Arrival = Body<"receive_fax">;
export type Scenario = Exclude<Body<"add_scenarios">, unknown[] | {
    scenarios: unknown;
}>;
export type FaxQuery = Query<"list_faxes">;
export type Vendor = "openfax" | "kazoo" | "ifax" | "mfax" | "faxto";
/**
 * What an operation takes as its JSON body.
 */
export type Body<Name extends keyof Operations> = Operations[Name] extends {
    requestBody?: {
        content: {
            "application/json": infer Taken;
        };
    };
} ? Taken : never;
/**
 * What an operation takes in its query.
 */
export type Query<Name extends keyof Operations> = NonNullable<Operations[Name]["parameters"]["query"]>;
