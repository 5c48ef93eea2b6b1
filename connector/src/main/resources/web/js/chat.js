/** The chat beside the stage, as wide as the screen on phones. What people write is only ever shown as text. */

import {byId, element} from './dom.js';
import {formatPlural} from './format.js';
import {hueOf} from './person.js';

export class Chat {
  #panel = byId('chat');
  #button = byId('toggle-chat');
  #log = byId('chat-log');
  #text = byId('chat-text');
  #problem = byId('chat-problem');
  #badge = byId('unread');
  #unread = 0;
  #say;

  /** @param {(text: string) => Promise<void>} say sends a message; rejected when it was not sent */
  constructor(say) {
    this.#say = say;
    this.#button.addEventListener('click', () => this.#open(this.#panel.hidden));
    byId('close-chat').addEventListener('click', () => this.#open(false));
    this.#panel.addEventListener('keydown', ({key}) => key === 'Escape' && this.#open(false));
    byId('chat-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#send();
    });
  }

  /** @param {{peer: string, isMine: boolean, text: string}} message that has just come */
  add({peer, isMine, text}) {
    const now = new Date();
    const name = element('span', {className: 'chat-name', textContent: isMine ? 'You' : peer});
    name.style.setProperty('--hue', String(hueOf(peer)));
    const time = now.toLocaleTimeString([], {timeStyle: 'short'});
    this.#log.append(element('li', {className: isMine ? 'chat-message is-mine' : 'chat-message'},
      name,
      element('time', {className: 'chat-time', dateTime: now.toISOString(), textContent: time}),
      element('p', {className: 'chat-text', textContent: text})));
    this.#log.scrollTop = this.#log.scrollHeight;
    if (this.#panel.hidden) {
      this.#showUnread(this.#unread + 1);
    }
  }

  #open(isOpen) {
    this.#panel.hidden = !isOpen;
    this.#button.setAttribute('aria-expanded', String(isOpen));
    if (isOpen) {
      this.#showUnread(0);
      this.#log.scrollTop = this.#log.scrollHeight;
      this.#text.focus();
    } else {
      this.#button.focus();
    }
  }

  #showUnread(count) {
    this.#unread = count;
    this.#badge.hidden = count === 0;
    this.#badge.firstElementChild.textContent = count > 99 ? '99+' : String(count);
    this.#badge.lastElementChild.textContent = formatPlural(count, 'unread message');
  }

  /** The text stays in its field until it is sent. */
  async #send() {
    const text = this.#text.value.trim();
    if (text === '') {
      return;
    }
    try {
      await this.#say(text);
      this.#text.value = '';
      this.#problem.hidden = true;
    } catch (error) {
      this.#problem.textContent = `Not sent: ${error.message}`;
      this.#problem.hidden = false;
    }
  }
}
