// What the server's own pages cannot do: call the control plane, follow its events, keys, copy and zoom.
// It stands in the head and is run before the page is read, so that no key, click or form comes too early.
"use strict";

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const whole = new Promise((done) => document.addEventListener("DOMContentLoaded", done));

function say(text, bad = false) {
  const said = document.getElementById("said");
  said.classList.toggle("bad", bad);
  said.replaceChildren(); // a new element begins to fade anew
  if (text) said.append(Object.assign(document.createElement("span"), { textContent: text }));
}

// Parts of the page that carry data-live are taken anew from the server when something happens.
let refreshing = false;
let stale = false;
const PAUSE = 200; // milliseconds between two refreshes at least
const shown = new WeakMap(); // a live part to what the server made it of

async function refresh() {
  if (refreshing || document.hidden) {
    stale = true;
    return;
  }
  refreshing = true;
  stale = false;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.ok) put(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    say("The server does not answer.", true);
  }
  setTimeout(() => {
    refreshing = false;
    if (stale) refresh();
  }, PAUSE);
}

function put(fresh) {
  for (const old of all("[data-live]")) {
    const found = fresh.getElementById(old.id);
    if (!found || found.innerHTML === (shown.get(old) ?? old.innerHTML)) continue;
    const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
    const open = all("details[open]", old).map((each) => each.id);
    shown.set(old, found.innerHTML);
    old.innerHTML = found.innerHTML; // made by our own templates, which escape what clients sent
    open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    if (focused) document.getElementById(focused)?.focus();
  }
}

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
    requestAnimationFrame(() => setTimeout(refresh)); // what was missed meanwhile, but not before the first paint
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
  element.textContent = new Date(now).toISOString().slice(11, 19);
}, 250);

// Calls. A form with data-call sends its fields as JSON: a dot in a name goes a level down, [] makes a list.
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
};

async function fields(form) {
  const body = {};
  for (const input of form.elements) {
    const kept = input.dataset.as === "url" ? input.value === input.defaultValue : !input.value;
    if (!input.name || kept) continue;
    const read = READ[input.dataset.as];
    const path = input.name.replace("[]", "").split(".");
    const last = path.pop();
    const place = path.reduce((at, part) => (at[part] ??= {}), body);
    const value = read ? await read(input) : input.value;
    place[last] = input.name.endsWith("[]") ? [value] : value;
  }
  if (body.document) delete body.pages;
  return body;
}

async function submitted(form) {
  const method = form.dataset.call;
  const answer = await call(method, form.action, method === "DELETE" ? undefined : await fields(form));
  if (form.dataset.then) {
    location.href = form.dataset.then.replace("{id}", encodeURIComponent(answer.id));
    return;
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
  say(`${option.textContent} has ${answer.ok ? "answered" : "refused it"}.`, !answer.ok);
  const { requests } = await call("GET", `${form.action}?vendor=${option.value}&limit=20`);
  const made = requests.find((each) => Object.values(each.headers).includes(mark))?.matched.fax;
  const link = document.getElementById("made");
  link.hidden = !made;
  link.href = `${form.dataset.sends}/faxes/${made}`;
  link.textContent = `Open ${made}`;
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const act = form.dataset.call ? submitted : "sends" in form.dataset ? send : null;
  if (!act) return;
  event.preventDefault();
  if ("busy" in form.dataset || (form.dataset.sure && !confirm(form.dataset.sure))) return;
  form.dataset.busy = "";
  try {
    await act(form);
  } catch (wrong) {
    say(wrong.message, true);
  }
  delete form.dataset.busy;
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
const FIT = 2;

function zoom(by) {
  const sheets = document.getElementById("sheets");
  const size = by === 0 ? FIT : Number(sheets.dataset.size) + by;
  sheets.dataset.size = Math.min(SIZES, Math.max(1, size));
}

document.addEventListener("click", (event) => {
  const { target } = event;
  all("details.menu[open]").forEach((menu) => menu.contains(target) || menu.removeAttribute("open"));
  const button = target.closest("button");
  if (button?.dataset.copy) copy(button);
  else if (button?.dataset.zoom) zoom(Number(button.dataset.zoom));
  else if (!target.closest("a") && !String(getSelection())) target.closest("[data-row]")?.querySelector("a").click();
});

// Files that are dropped.
function over(event) {
  event.preventDefault(); // a file that misses does not take the page's place
  const zone = event.target.closest?.("[data-drop]");
  if (!zone) return;
  zone.classList.toggle("over", event.type === "dragover");
  if (event.type === "drop") zone.querySelector("input").files = event.dataTransfer.files;
}

["dragover", "dragleave", "drop"].forEach((kind) => document.addEventListener(kind, over));

// Keys.
function move(by) {
  const links = all("[data-row] a");
  if (!links.length) return;
  const at = links.indexOf(document.activeElement);
  links[Math.min(links.length - 1, Math.max(0, at + by))].focus();
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  "/": () => document.getElementById("search")?.focus(),
  u: () => document.getElementById("back")?.click(),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, select, textarea");
  if (event.key === "Escape") {
    all("details.menu[open]").forEach((menu) => {
      menu.removeAttribute("open");
      menu.querySelector("summary").focus();
    });
    if (typing) typing.blur();
  } else if (!typing && !event.ctrlKey && !event.metaKey && !event.altKey && KEYS[event.key]) {
    event.preventDefault();
    whole.then(KEYS[event.key]);
  }
});

document.addEventListener("visibilitychange", listen);
addEventListener("pagehide", () => source?.close());
addEventListener("pageshow", (event) => event.persisted && listen());
whole.then(listen);
