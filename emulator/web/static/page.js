// What the server's own pages cannot do: call the control plane, follow its events, keys, copy and zoom.
// It stands in the head and is run before the page is read, so that no key, click or form comes too early.
"use strict";

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const whole = new Promise((done) => document.addEventListener("DOMContentLoaded", done));

// What no screen shows at first stays out until the first paint, and what can wait is done after it.
const HIDDEN = 1000; // milliseconds after which a page that is not painted, as nobody looks at it, is taken for painted
const painted = new Promise((done) => {
  new PerformanceObserver(done).observe({ type: "paint", buffered: true });
  setTimeout(done, HIDDEN);
}).then(() => whole);
document.documentElement.classList.add("early");
painted.then(() => document.documentElement.classList.remove("early"));

function say(text, bad = false) {
  const said = document.getElementById("said");
  said.classList.toggle("bad", bad);
  said.replaceChildren(); // a new element begins to fade anew
  if (text) said.append(Object.assign(document.createElement("span"), { textContent: text }));
}

// Parts of the page that carry data-live are taken anew from the server when something happens.
const read = (html) => new DOMParser().parseFromString(html, "text/html");
const fetched = (url) => fetch(url, { headers: { Accept: "text/html" } });

let refreshing = false;
let stale = false;
const PAUSE = 200; // milliseconds between two refreshes at least
const shown = new WeakMap(); // a live part to what the server made it of

async function refresh() {
  if (refreshing || document.hidden || document.querySelector("form[data-busy][action*='?then=']")) { // what is deleted is left soon
    stale = true;
    return;
  }
  refreshing = true;
  stale = false;
  try {
    const asked = location.href;
    const answer = await fetched(asked);
    const text = await answer.text();
    if (answer.ok && asked === location.href) put(read(text), asked === searched ? FOUND : []); // else the reader has gone on
  } catch {
    say("The server does not answer.", true);
  }
  setTimeout(() => {
    refreshing = false;
    if (stale) refresh();
  }, PAUSE);
}

function put(fresh, still = []) {
  for (const old of all("[data-live]")) {
    const found = fresh.getElementById(old.id);
    if (!found || still.includes(old.id) || found.innerHTML === (shown.get(old) ?? old.innerHTML)) continue;
    const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
    const open = all("details[open]", old).map((each) => each.id);
    shown.set(old, found.innerHTML);
    old.innerHTML = found.innerHTML; // made by our own templates, which escape what clients sent
    open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    if (focused) document.getElementById(focused)?.focus();
  }
}

// Something opened beside the list takes the place of what was open, and the list stays as it is.
const WIDE = matchMedia("(min-width: 1180px)");
let going = 0;

async function go(url, keep = "pushState") {
  const turn = ++going;
  clearTimeout(typed); // what was typed just now does not take away what is opened
  const answer = await fetched(url).catch(() => null);
  const text = answer?.ok && (await answer.text().catch(() => ""));
  if (turn !== going) return; // the reader was faster
  if (!text) {
    location.href = url;
    return;
  }
  const fresh = read(text);
  const main = document.getElementById("main");
  const [old, one] = [document.getElementById("one"), fresh.getElementById("one")];
  const left = old && document.querySelector("tr[aria-current] [data-open]")?.id;
  if (keep) history[keep](null, "", url);
  document.title = fresh.title;
  main.className = fresh.getElementById("main").className;
  old?.remove();
  main.querySelector(":scope > h1")?.remove();
  const title = fresh.querySelector("#main > h1");
  if (title) main.prepend(title);
  if (one) main.append(one);
  put(fresh);
  document.querySelector("tr[aria-current]")?.scrollIntoView({ block: "nearest" });
  if (one) one.focus({ preventScroll: true }); // the next Tab goes into what was opened, and from the list's row on when it is left
  else if (left && keep !== "replaceState") document.getElementById(left)?.focus();
  searchOn();
}

// A search goes on by itself until a page is full or every fax was looked at.
const FOUND = ["faxes", "extent"];
let searching = 0;
let searched = ""; // the address whose search went on: what was found then stays

async function searchOn() {
  const turn = ++searching;
  searched = document.getElementById("looking") ? location.href : "";
  for (let at = document.getElementById("looking"); at; ) {
    const answer = await fetched(at.dataset.next).catch(() => null);
    if (turn !== searching || !answer?.ok || !at.isConnected) return;
    const fresh = read(await answer.text());
    const body = document.querySelector("#faxes tbody");
    const [found, more] = [all("#faxes tr[data-row]", fresh), fresh.getElementById("looking")];
    if (body) body.append(...found);
    else if (found.length) at.before(fresh.querySelector("#faxes table"));
    const end = fresh.querySelector("#faxes > .empty") ?? "";
    document.getElementById("extent").textContent = fresh.getElementById("extent").textContent;
    const rest = document.querySelector("#faxes .pages");
    rest?.replaceWith(fresh.querySelector("#faxes .pages"));
    at.replaceWith(more ?? (document.querySelector("#faxes tr[data-row]") ? "" : end));
    at = more;
  }
}

let typed = 0;

document.addEventListener("input", ({ target }) => {
  const form = target.closest?.("form[data-typed]");
  if (!form) return;
  clearTimeout(typed);
  typed = setTimeout(() => {
    const wanted = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    go(`${form.getAttribute("action")}?${wanted}`, "replaceState");
  }, TYPING);
});

const TYPING = 250; // milliseconds without a key after which what was typed is looked for

// Events. A hidden page lets go of its connection: browsers have few for one server.
const KINDS = ["state", "call", "webhook", "request", "clock", "settings", "sandbox"];
let source = null;
let lost = false;

function listen() {
  const address = document.body?.dataset.events;
  if (!address) return;
  source?.close();
  source = null;
  delete document.body.dataset.listening;
  if (document.hidden) return;
  source = new EventSource(address);
  source.onopen = () => {
    if (lost) say("The page is live again.");
    lost = false;
    document.body.dataset.listening = "";
    refresh(); // what was missed meanwhile
  };
  source.onerror = () => {
    lost = true;
    delete document.body.dataset.listening;
    say(source?.readyState === EventSource.CLOSED ? "Not live: reload the page." : "Not live: the server is away.", true);
  };
  KINDS.forEach((kind) => source.addEventListener(kind, refresh));
}

// The sandbox's clock goes on between two answers of the server.
let told = null; // the element, its instant, and when it came here

setInterval(() => {
  const element = document.querySelector("#clock-now time[data-speed]");
  if (!element || document.hidden) return;
  if (told?.element !== element) told = { element, at: Date.parse(element.dateTime), came: Date.now() };
  const now = told.at + (Date.now() - told.came) * Number(element.dataset.speed);
  const day = new Date(now).toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
  element.textContent = `${day} ${new Date(now).toISOString().slice(11, 19)}`;
}, 250);

// Calls. A form with data-call sends its fields as JSON to the control plane: a dot in a name goes a level down, [] makes a list.
async function call(method, url, body) {
  const options = { method };
  if (body !== undefined) {
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(body);
  }
  const answer = await fetch(url, options);
  const data = answer.status === 204 ? {} : await answer.json();
  if (answer.ok) return data;
  const { message, field } = data.error;
  throw new Error(field ? `${field}: ${message}` : message);
}

async function base64(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return btoa(text);
}

const READ = {
  number: (input) => Number(input.value),
  url: (input) => input.value || null,
  base64: (input) => base64(input.files[0]),
  lines: (input) => input.value.split("\n").map((line) => line.trim()).filter(Boolean),
  tick: (input) => input.checked,
  json: ({ value }) => {
    if (!value) return null;
    try {
      return JSON.parse(value);
    } catch {
      return value;
    }
  },
};
const KEPT = {
  base64: (input) => !input.value,
  tick: (input) => input.checked === input.defaultChecked,
};
const unchanged = (input) => input.value === input.defaultValue;

async function fields(form) {
  const body = {};
  for (const input of form.elements) {
    const kept = input.dataset.as ? (KEPT[input.dataset.as] ?? unchanged)(input) : !input.value;
    if (!input.name || kept) continue;
    const read = READ[input.dataset.as];
    const path = input.name.replace("[]", "").split(input.name.includes("|") ? "|" : ".");
    const last = path.pop();
    const place = path.reduce((at, part) => (at[part] ??= {}), body);
    const value = read ? await read(input) : input.value;
    place[last] = input.name.endsWith("[]") ? [value] : value;
  }
  if (body.document) delete body.pages;
  return body;
}

// Without the script, the server does what the form's address says, and comes back to the page.
function asks(form) {
  const [, method, path, then] = /^\/form\/(\w+)([^?]+)(?:\?then=(.*))?$/.exec(form.getAttribute("action"));
  return { method, path: `/_localfax${path}`, then };
}

async function submitted(form) {
  const { method, path, then } = asks(form);
  const body = method === "DELETE" ? undefined : await fields(form);
  const each = form.dataset.each?.split(" ") ?? [""];
  let answer = {};
  for (const name of each) answer = await call(method, path.replace("{vendor}", name), body);
  if (then) {
    location.href = then.replace("{id}", encodeURIComponent(answer.id));
    return;
  }
  if ("reload" in form.dataset) await go(location.href, "").then(() => location.reload());
  for (const input of form.elements) {
    if (!input.dataset.as) continue;
    input.defaultValue = input.value;
    input.defaultChecked = input.checked;
  }
  say(form.dataset.said ?? "Done.");
  form.closest("details.menu")?.removeAttribute("open");
  refresh();
}

// Sending. What the vendor's own endpoint gets stands in the option, with these words where the form fills in.
const BLANKS = { number: "LocalfaxNumber", name: "LocalfaxName", type: "LocalfaxType", content: "%PDF-LocalfaxBody." };
const ESCAPES = {
  "application/json": (text) => JSON.stringify(text).slice(1, -1),
  "application/x-www-form-urlencoded": encodeURIComponent,
  "multipart/form-data": (text) => text.replace(/["\r\n]/g, encodeURIComponent),
};

async function chosen(form) {
  const [file] = form.elements.document.files;
  if (file) return file;
  const answer = await fetch(`/pages/${form.elements.pages.value || 1}.pdf`);
  if (!answer.ok) throw new Error("pages: a number from 1 to 200");
  return new File([await answer.blob()], "fax.pdf", { type: "application/pdf" });
}

async function filled({ body, headers }, digits, file) {
  const escaped = ESCAPES[headers["Content-Type"].split(";")[0]];
  const words = body
    .replaceAll(BLANKS.number, digits)
    .replaceAll(BLANKS.type, () => file.type || "application/octet-stream")
    .replaceAll(BLANKS.name, () => escaped(file.name));
  const [head, tail] = words.split(BLANKS.content);
  if (tail !== undefined) return new Blob([head, file, tail]);
  const content = escaped(await base64(file));
  return words.replaceAll(btoa(BLANKS.content), content);
}

async function send(form) {
  const option = form.elements.vendor.selectedOptions[0];
  const asked = JSON.parse(option.dataset.request);
  const body = await filled(asked, form.elements.to.value.replace(/\D/g, ""), await chosen(form));
  const mark = String(Math.random());
  const headers = { ...asked.headers, [form.dataset.mark]: mark };
  const answer = await fetch(asked.url, { method: asked.method, headers, body });
  document.getElementById("answer").textContent = `${answer.status} ${answer.statusText}\n\n${await answer.text()}`;
  const { requests } = await call("GET", `${form.action}?vendor=${option.value}&limit=20`);
  const entry = requests.find((each) => Object.values(each.headers).includes(mark));
  const refused = entry?.refused ?? !answer.ok; // some vendors refuse with HTTP 200
  say(`${option.textContent} has ${refused ? "refused it" : "answered"}.`, refused);
  const made = entry?.matched.fax;
  const link = document.getElementById("made");
  link.hidden = !made;
  link.href = `${form.dataset.sends}/faxes/${made}`;
  link.textContent = `Open ${made}`;
}

// A call of the control plane, tried from its reference.
async function tryIt(form) {
  let path = form.getAttribute("action");
  const options = { method: form.dataset.tries };
  for (const input of all("[data-in]", form)) {
    if (input.dataset.in === "path") path = path.replace(`{${input.name}}`, encodeURIComponent(input.value));
    else if (input.dataset.in === "query" && input.value) path += `?${input.value}`;
    else if (input.dataset.in === "body") {
      options.headers = { "Content-Type": "application/json" };
      options.body = input.value;
    }
  }
  const answer = await fetch(path, options);
  const text = await answer.text();
  const result = form.querySelector(".result");
  const type = answer.headers.get("Content-Type") ?? "";
  const shown = type.includes("json") && text ? JSON.stringify(JSON.parse(text), null, 2) : text;
  result.textContent = `${answer.status} ${answer.statusText}\n\n${shown.slice(0, 100000)}`;
  result.hidden = false;
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const act = "call" in form.dataset ? submitted : "sends" in form.dataset ? send : "tries" in form.dataset ? tryIt : null;
  if (!act) return;
  event.preventDefault();
  if ("busy" in form.dataset || (form.dataset.sure && !confirm(form.dataset.sure))) return;
  form.dataset.busy = "";
  try {
    await act(form);
    if (act === submitted && asks(form).then) return; // to another page
  } catch (wrong) {
    say(wrong.message, true);
  }
  delete form.dataset.busy;
  if (stale) refresh();
});

// Clicks: a whole row opens its fax, copy and zoom buttons do their work, menus close when left.
async function copy(button) {
  const text = document.getElementById(button.dataset.copy);
  getSelection().selectAllChildren(text);
  try {
    await navigator.clipboard.writeText(text.textContent);
    say("Copied.");
  } catch {
    say(document.execCommand("copy") ? "Copied." : "Selected: copy it with the keyboard.");
  }
}

const SIZES = 6;
const FIT = 1;
const LARGE = 3;

function zoom(by) {
  const sheets = document.getElementById("sheets");
  const size = by === 0 ? FIT : Number(sheets.dataset.size) + by;
  sheets.dataset.size = Math.min(SIZES, Math.max(0, size));
}

function enlarge(image) {
  const sheets = image.closest("#sheets");
  sheets.dataset.size = Number(sheets.dataset.size) < LARGE ? LARGE : FIT;
  image.scrollIntoView({ block: "nearest", inline: "start" });
}

function pack(dense) {
  document.documentElement.classList.toggle("dense", dense);
  document.getElementById("dense")?.setAttribute("aria-pressed", String(dense));
}

document.addEventListener("click", (event) => {
  const { target } = event;
  all("details.menu[open]").forEach((menu) => menu.contains(target) || menu.removeAttribute("open"));
  const button = target.closest("button");
  const link = target.closest("a");
  const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button);
  if (button?.dataset.copy) copy(button);
  else if (button?.dataset.zoom) zoom(Number(button.dataset.zoom));
  else if (button?.id === "dense") {
    const dense = button.getAttribute("aria-pressed") !== "true";
    localStorage.setItem("dense", dense ? "yes" : "");
    pack(dense);
  } else if (link && "open" in link.dataset && WIDE.matches && plain) {
    event.preventDefault();
    go(link.href);
  } else if (target.matches("#sheets img")) enlarge(target);
  else if (!link && !button && !target.closest("summary, label, input") && !String(getSelection()))
    target.closest("[data-row]")?.querySelector("[data-open]").click();
});

// The first page of the fax on which the pointer rests.
let peeked = null;

document.addEventListener("mouseover", ({ target }) => {
  const row = target.closest?.("[data-peek]") ?? null;
  if (row === peeked) return;
  peeked = row;
  document.querySelector(".peek")?.remove();
  if (!row) return;
  const src = `/_localfax${row.querySelector("[data-open]").pathname}/document?format=png&page=1`;
  document.body.append(Object.assign(new Image(), { className: "peek", alt: "", loading: "lazy", src }));
});

addEventListener("popstate", () => document.getElementById("main") && go(location.href, ""));

// Files that are dropped.
function over(event) {
  event.preventDefault(); // a file that misses does not take the page's place
  const zone = event.target.closest?.("[data-drop]");
  if (!zone) return;
  zone.classList.toggle("over", event.type === "dragover");
  if (event.type === "drop") zone.querySelector("input").files = event.dataTransfer.files;
}

["dragover", "dragleave", "drop"].forEach((kind) => document.addEventListener(kind, over));

// Keys. The lists are newest first, and each thing has its number at its address's end.
const number = ({ pathname }) => Number(/\d*$/.exec(pathname));

function nearest(links, by) { // to what is open and not in the list
  const here = number(location);
  return by > 0 ? links.findIndex((each) => number(each) < here) : links.filter((each) => number(each) > here).length - 1;
}

function move(by) {
  const links = all("[data-row] [data-open]");
  if (!links.length) return;
  const open = links.findIndex((link) => link.closest("[aria-current]"));
  const beside = Boolean(document.getElementById("one"));
  const at = beside ? open : links.indexOf(document.activeElement);
  const far = beside && open < 0 ? nearest(links, by) : Math.min(links.length - 1, Math.max(0, at + by));
  const next = links[far];
  if (!beside) next.focus();
  else if (next !== links[open]) next?.click(); // the next fax, while one is open
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  "/": () => ["focus", "select"].forEach((does) => document.getElementById("search")?.[does]()),
  u: () => document.getElementById("back")?.click(),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, select, textarea");
  if (event.key === "Escape") {
    all("details.menu[open]").forEach((menu) => {
      menu.removeAttribute("open");
      menu.querySelector("summary").focus();
    });
    if (!typing) return;
    event.preventDefault(); // a browser would empty the search, and the list with it
    typing.blur();
  } else if (!typing && !event.ctrlKey && !event.metaKey && !event.altKey && KEYS[event.key]) {
    event.preventDefault();
    painted.then(KEYS[event.key]);
  }
});

document.addEventListener("visibilitychange", listen);
addEventListener("pagehide", () => source?.close());
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  all("form[data-busy]").forEach((form) => delete form.dataset.busy);
  listen();
});
whole.then(() => pack(localStorage.getItem("dense") === "yes"));
painted.then(listen);
painted.then(searchOn);
painted.then(() => all("nav [aria-current]").forEach((each) => each.scrollIntoView({ block: "nearest", inline: "center" })));
