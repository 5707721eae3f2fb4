// The left column: whose Telegram this is, and their chats.
import { post } from "./api.js";
import { Component, html } from "./html.js";
import { summary } from "./message.js";
import { attempt, become, chatsOfMe, enter, seen, set, state, titleOf } from "./store.js";

const when = (unix) => new Date(unix * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
const initial = (chat) => (chat.is_forum ? "#" : [...titleOf(chat)][0]);

function ChatItem({ chat }) {
  const last = seen(chat.id).at(-1);
  const unread = state.unread[chat.id] || 0;
  return html`<li>
    <button
      type="button"
      class=${`chat-item ${chat.id === state.chat ? "current" : ""}`}
      aria-current=${chat.id === state.chat ? "true" : null}
      onClick=${() => enter(chat.id)}
    >
      <span class="avatar" aria-hidden="true">${initial(chat)}</span>
      <span class="chat-words">
        <span class="chat-top"><b>${titleOf(chat)}</b>${last ? html`<time>${when(last.message.date)}</time>` : null}</span>
        <span class="chat-last">
          <span>${last ? summary(last.message) : "No messages yet"}</span>
          ${unread ? html`<i class="badge" aria-label=${`${unread} unread`}>${unread}</i>` : null}
        </span>
      </span>
    </button>
  </li>`;
}

class NewPerson extends Component {
  save = async (event) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.target));
    const made = await attempt(() => post("client/users", given));
    if (!made) return;
    set({ dialog: null });
    await become(made.id);
  };

  render() {
    return html`<form onSubmit=${this.save}>
      <h2>A new person</h2>
      <label>Name <input name="first_name" required maxlength="64" /></label>
      <label>
        Language
        <select name="language_code">
          <option value="en">English (en)</option>
          <option value="ru">Русский (ru)</option>
          <option value="de">Deutsch (de)</option>
          <option value="es">Español (es)</option>
        </select>
      </label>
      <${DialogEnd} label="Add" />
    </form>`;
  }
}

class NewGroup extends Component {
  save = async (event) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.target));
    const others = state.world.people.map((each) => each.id).filter((id) => id !== state.me);
    const order = {
      title: given.title,
      kind: "supergroup",
      members: [state.me, ...others],
      forum: given.sort === "forum",
      bot: given.bot,
    };
    const made = await attempt(() => post("client/groups", order));
    if (!made) return;
    set({ dialog: null });
    await become(state.me);
    enter(made.id);
  };

  render() {
    return html`<form onSubmit=${this.save}>
      <h2>A new group</h2>
      <label>Title <input name="title" required maxlength="128" /></label>
      <label>
        Sort
        <select name="sort"><option value="group">Group</option><option value="forum">Forum with topics</option></select>
      </label>
      <label>
        The bot
        <select name="bot">
          <option value="member">is a member</option>
          <option value="administrator">is an administrator</option>
          <option value="left">is not in it (inline mode only)</option>
        </select>
      </label>
      <p>All people of the sandbox become members.</p>
      <${DialogEnd} label="Create" />
    </form>`;
  }
}

export function DialogEnd({ label }) {
  return html`<div class="dialog-end">
    <button type="button" class="plain" onClick=${() => set({ dialog: null })}>Cancel</button>
    <button type="submit" class="main">${label}</button>
  </div>`;
}

export const FORMS = { person: NewPerson, group: NewGroup };

function speed() {
  const { speed: scale } = state.world;
  if (typeof scale !== "number" || scale === 1) return "";
  return scale ? `The services work ${Math.round(10 / scale) / 10}× as fast as in life.` : "The services answer at once.";
}

export function Sidebar() {
  const { world, me } = state;
  const change = (event) => become(Number(event.target.value));
  return html`<nav class="sidebar" aria-label="Chats">
    <header class="who">
      <label for="who">You are</label>
      <select id="who" value=${me} onChange=${change}>
        ${world.people.map(
          (each) => html`<option key=${each.id} value=${each.id} selected=${each.id === me}>
            ${each.first_name}${each.language_code ? ` (${each.language_code})` : ""}
          </option>`,
        )}
      </select>
      <button type="button" class="plain" onClick=${() => set({ dialog: { kind: "person" } })}>New person</button>
    </header>
    <ul class="chat-list">
      ${chatsOfMe().map((chat) => html`<${ChatItem} key=${chat.id} chat=${chat} />`)}
    </ul>
    <footer>
      <button type="button" class="plain" onClick=${() => set({ dialog: { kind: "group" } })}>New group</button>
      <button type="button" class="plain" onClick=${() => set({ panels: !state.panels })}>Behind the scenes</button>
      ${speed() ? html`<p class="speed">${speed()}</p>` : null}
    </footer>
  </nav>`;
}
