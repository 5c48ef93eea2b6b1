// Reads lines of a message's name and its bytes in hex; prints the bytes that come of decoding and encoding them.
import {createInterface} from 'node:readline';
import {decode, encode} from '../lib/codec.js';

for await (const line of createInterface({input: process.stdin})) {
  const [type, hex = ''] = line.split(' ');
  console.log(Buffer.from(encode(type, decode(type, new Uint8Array(Buffer.from(hex, 'hex'))))).toString('hex'));
}
