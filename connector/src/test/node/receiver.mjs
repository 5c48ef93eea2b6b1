// A backend's webhook endpoint as backends write it: Express parses the body, the handler prints it again and compares
// the HMAC of that text with the header. Says its port on stdout, then one line for each request it judged.
import { createRequire } from 'node:module';
import crypto from 'node:crypto';

const require = createRequire(process.argv[2] + '/');
const express = require('express');
const secret = process.env.WEBHOOK_SECRET;
const app = express();

function validateWebhookSignature(req, res, next) {
  const expected = crypto.createHmac('sha256', secret).update(JSON.stringify(req.body)).digest('hex');
  const isValid = expected === req.headers['x-webhook-signature'];
  console.log(JSON.stringify({ valid: isValid, id: req.headers['x-webhook-id'], body: JSON.stringify(req.body) }));
  if (!isValid) {
    return res.status(401).json({ error: 'Invalid signature' });
  }
  next();
}

app.post('/webhooks/recording-completed', express.json(), validateWebhookSignature, (req, res) => {
  res.json({ received: true });
});

const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
