/** The start page: makes an invitation to a meeting. */

import {askForToken, takeToken} from './access.js';
import {Api} from './api.js';
import {byId, showMessage} from './dom.js';

const INVITE_SECONDS = 24 * 60 * 60;

async function invite(token) {
  if (!token) {
    askForToken('', invite);
    return;
  }
  showMessage(byId('problem'), '');
  try {
    const {url} = await new Api(token).post('/api/invites', {
      room: byId('room').value.trim(),
      record: byId('record').checked,
      ttlSeconds: INVITE_SECONDS,
    });
    byId('link').value = url;
    byId('open').href = url;
    byId('invitation').hidden = false;
    byId('link').select();
  } catch (error) {
    if (error.isDenied) {
      askForToken(error.words, invite);
    } else {
      showMessage(byId('problem'), error.words ?? error.message);
    }
  }
}

byId('meeting-form').addEventListener('submit', (event) => {
  event.preventDefault();
  invite(takeToken());
});
takeToken();
