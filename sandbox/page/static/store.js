// The state of the page and what changes it. One object, one list of listeners; the page is drawn once per frame.
import { get, listen, post } from "./api.js";

const PRESENT = ["creator", "administrator", "member", "restricted"];
const ACTION_SHOWN = 6000;
const TOAST_SHOWN = 4000;

export const state = {
  world: null, // as GET world gives it
  me: null, // the person whose Telegram is shown
  chat: null,
  thread: null, // of a forum: null is the general topic
  messages: new Map(), // chat id -> Map(message id -> view)
  drafts: {}, // chat id -> what GET client/draft gives
  actions: {}, // chat id -> {action, until}
  unread: {},
  online: true,
  reply: null, // {view, quote}
  editing: null,
  toast: "",
  dialog: null,
  panels: false,
  open: false, // on a phone: the chat stands before the list
  said: "", // what a screen reader is told
  compose: { text: "", at: 0 }, // puts a text into the composer when `at` grows
};

const listeners = new Set();
let planned = false;
let close = null;
let generation = 0;

export const subscribe = (listener) => listeners.add(listener);

export function set(patch) {
  Object.assign(state, patch);
  if (planned) return;
  planned = true;
  // a hidden tab gets no frames, so a timer stands behind them
  const draw = () => {
    if (!planned) return;
    planned = false;
    for (const listener of listeners) listener();
  };
  requestAnimationFrame(draw);
  setTimeout(draw, 100);
}

let toastTimer = 0;
export function toast(text) {
  clearTimeout(toastTimer);
  set({ toast: text });
  toastTimer = setTimeout(() => set({ toast: "" }), TOAST_SHOWN);
}

// Runs an action; what the server refuses is shown as a toast. The value is undefined then.
export async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    toast(error.message);
    return undefined;
  }
}

export const person = (id = state.me) => state.world?.people.find((each) => each.id === id);
export const chatOf = (id = state.chat) => state.world?.chats.find((each) => each.id === id);
export const botName = () => state.world.bot.first_name;
export const isPrivate = (chat) => chat?.type === "private";
export const titleOf = (chat) => (isPrivate(chat) ? botName() : chat.title || "Group");
export const hasBot = (chat) => isPrivate(chat) || ["member", "administrator", "creator"].includes(chat.bot);

export const seen = (chatId) =>
  [...(state.messages.get(chatId)?.values() || [])].filter((view) => !view.deleted);

export function chatsOfMe() {
  const { world, me } = state;
  const mine = world.chats.filter(
    (chat) => !chat.deleted && (isPrivate(chat) ? chat.id === me : PRESENT.includes(chat.members?.[me])),
  );
  if (!mine.some((chat) => chat.id === me)) mine.push({ id: me, type: "private", topics: {}, closed: [], members: {} });
  const newest = (chat) => Math.max(0, ...seen(chat.id).map((view) => view.message.date));
  return mine.sort((a, b) => isPrivate(b) - isPrivate(a) || newest(b) - newest(a) || b.id - a.id);
}

function keep(view) {
  const chat = state.messages.get(view.chat_id) || new Map();
  const before = chat.get(view.message_id);
  if (before && before.seq > view.seq) return;
  chat.set(view.message_id, view);
  state.messages.set(view.chat_id, chat);
}

async function refreshWorld() {
  const at = generation;
  const world = await attempt(() => get("world"));
  if (!world || at !== generation) return;
  set({ world });
  for (const chat of chatsOfMe()) if (!state.messages.has(chat.id)) load(chat.id);
}

async function load(chatId) {
  const [at, me] = [generation, state.me];
  const views = await get("client/messages", { chat_id: chatId, user_id: me, limit: 200 }).catch(() => []);
  if (at !== generation) return;
  // The list tells the order; what came over the stream meanwhile stands behind it.
  const before = state.messages.get(chatId) || new Map();
  state.messages.set(chatId, new Map(views.map((view) => [view.message_id, view])));
  before.forEach(keep);
  const draft = await get("client/draft", { chat_id: chatId }).catch(() => null);
  if (at !== generation) return;
  if (draft && chatId === me) state.drafts = { ...state.drafts, [chatId]: draft };
  set({});
}

const ACTIONS = {
  typing: "typing…",
  upload_photo: "sending a photo…",
  upload_video: "sending a video…",
  record_video: "recording a video…",
  upload_document: "sending a file…",
  upload_voice: "sending audio…",
  record_voice: "recording audio…",
};

function arrived(event) {
  const { view } = event;
  if (view.from_id === state.me) return;
  if (event.chat_id !== state.chat || document.hidden)
    state.unread = { ...state.unread, [event.chat_id]: (state.unread[event.chat_id] || 0) + 1 };
  if (view.from_bot) {
    state.actions = { ...state.actions, [event.chat_id]: null };
    state.drafts = { ...state.drafts, [event.chat_id]: null };
  }
  const words = view.message.text || view.message.caption || view.kind;
  if (event.chat_id === state.chat) state.said = `${view.from_name}: ${words}`;
}

// An event of the feed says only that a draft changed; the stream's own says what it is now.
async function drafted(event) {
  const at = generation;
  const asked = event.draft === undefined;
  const draft = asked ? await get("client/draft", { chat_id: event.chat_id }).catch(() => null) : event.draft;
  if (at === generation) set({ drafts: { ...state.drafts, [event.chat_id]: draft } });
}

function happened(event) {
  if (event.view) keep(event.view);
  if (event.type === "world") refreshWorld();
  else if (event.type === "new" && event.view) arrived(event);
  else if (event.type === "draft") drafted(event);
  else if (event.type === "stopped") state.drafts = { ...state.drafts, [event.chat_id]: null };
  else if (event.type === "action") {
    const action = { text: ACTIONS[event.action] || "busy…", until: Date.now() + ACTION_SHOWN };
    state.actions = { ...state.actions, [event.chat_id]: action };
    setTimeout(() => set({}), ACTION_SHOWN + 50);
  }
  set({});
}

// Shows the Telegram of another person: everything is read anew.
export async function become(userId) {
  generation += 1;
  close?.();
  const world = await attempt(() => get("world"));
  if (!world) return;
  const first = world.people.find((each) => each.first_name === "Ann") || world.people[0]; // an ordinary person of the sandbox
  const me = userId ?? first?.id ?? null;
  Object.assign(state, { world, me, chat: me, thread: null, messages: new Map(), drafts: {}, actions: {} });
  set({ unread: {}, reply: null, editing: null });
  if (me === null) return;
  close = listen(me, world.last_event || 0, happened, (online) => {
    const back = online && !state.online;
    set({ online });
    if (back) refreshWorld();
  });
  await Promise.all(chatsOfMe().map((chat) => load(chat.id)));
}

export function enter(chatId, thread = null) {
  const unread = { ...state.unread, [chatId]: 0 };
  set({ chat: chatId, thread, open: true, reply: null, editing: null, unread });
}

export async function send(text, extra = {}) {
  const { chat, me, thread } = state;
  const sent = await attempt(() =>
    post("client/send", { chat_id: chat, user_id: me, text, ...(thread ? { thread_id: thread } : {}), ...extra }),
  );
  if (sent) keep(sent);
  set({});
  return sent;
}

export const compose = (text) => set({ compose: { text, at: state.compose.at + 1 } });

// A link to this bot with ?start= is followed here, as Telegram's clients do; anything else opens in a tab of its own.
export function follow(url) {
  let target;
  try {
    target = new URL(/^[a-z][a-z0-9+.-]*:/i.test(url) ? url : `https://${url}`);
  } catch {
    return toast("This link is not valid.");
  }
  const name = state.world.bot.username?.toLowerCase();
  const toBot =
    (["t.me", "telegram.me"].includes(target.hostname) && target.pathname.slice(1).toLowerCase() === name) ||
    (target.protocol === "tg:" && target.searchParams.get("domain")?.toLowerCase() === name);
  if (toBot) {
    enter(state.me);
    const start = target.searchParams.get("start");
    return start === null ? undefined : send(`/start ${start}`.trim());
  }
  if (!["http:", "https:", "mailto:"].includes(target.protocol)) return toast(`${url} opens in Telegram only.`);
  return window.open(target.href, "_blank", "noopener,noreferrer");
}
