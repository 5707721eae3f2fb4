// The buttons under a message, what pressing them does, and the keyboard that replaces the one of the phone.
import { post } from "./api.js";
import { copy } from "./entities.js";
import { Component, html } from "./html.js";
import { attempt, compose, follow, send, set, state, toast } from "./store.js";

const ANSWER_WAIT = 10;

async function press(view, button) {
  const place = { chat_id: view.chat_id, user_id: state.me, message_id: view.message_id };
  const which = button.callback_data === undefined ? { text: button.text } : { data: button.callback_data };
  const result = await attempt(() => post("client/click", { ...place, ...which, wait: ANSWER_WAIT }));
  const answer = result?.answer;
  if (answer?.url) follow(answer.url);
  if (!answer?.text) return;
  if (answer.show_alert) set({ dialog: { kind: "alert", text: answer.text } });
  else toast(answer.text);
}

function act(view, button) {
  const { username } = state.world.bot;
  if (button.url) return follow(button.url);
  if (button.copy_text) return copy(button.copy_text.text);
  if (button.switch_inline_query_current_chat !== undefined)
    return compose(`@${username} ${button.switch_inline_query_current_chat}`);
  const elsewhere = button.switch_inline_query ?? button.switch_inline_query_chosen_chat?.query;
  if (elsewhere !== undefined) return set({ dialog: { kind: "pick", text: `@${username} ${elsewhere}` } });
  if (button.callback_data !== undefined) return press(view, button);
  return toast("The sandbox has no such button.");
}

const sign = (button) => (button.url ? " ↗" : button.copy_text ? " ❐" : "");

export class InlineKeyboard extends Component {
  async go(view, button, key) {
    this.setState({ busy: key });
    await act(view, button);
    this.setState({ busy: null });
  }

  render({ view }, { busy }) {
    const rows = view.message.reply_markup?.inline_keyboard || [];
    if (!rows.length) return null;
    return html`<div class="keyboard" role="group" aria-label="Buttons">
      ${rows.map(
        (row, y) => html`<div class="row">
          ${row.map((button, x) => {
            const key = `${y}.${x}`;
            const off = button.disabled !== undefined;
            const style = `${button.style || ""} ${off ? "off" : ""} ${busy === key ? "busy" : ""}`;
            return html`<button
              type="button"
              class=${`key ${style}`}
              disabled=${off}
              aria-busy=${busy === key ? "true" : null}
              onClick=${() => this.go(view, button, key)}
            >
              ${String(button.text)}<span aria-hidden="true">${sign(button)}</span>
            </button>`;
          })}
        </div>`,
      )}
    </div>`;
  }
}

// The newest keyboard that the bot gave to this chat, if it was not taken away since.
export function replyKeyboard(views) {
  const newest = views.filter((view) => view.keyboard).at(-1)?.keyboard;
  return newest?.keyboard ? newest : null;
}

export function ReplyKeyboard({ keyboard }) {
  return html`<div class="keyboard reply-keyboard" role="group" aria-label="Keyboard of the bot">
    ${keyboard.keyboard.map(
      (row) => html`<div class="row">
        ${row.map((button) => {
          const text = typeof button === "string" ? button : String(button.text);
          return html`<button type="button" class="key" onClick=${() => send(text)}>${text}</button>`;
        })}
      </div>`,
    )}
  </div>`;
}
