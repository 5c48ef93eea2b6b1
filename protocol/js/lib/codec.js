/**
 * The protobuf encoding (https://protobuf.dev/programming-guides/encoding) of the messages in `messages.js`, as plain
 * objects with camel-case members. Absent message, optional and oneof fields are undefined; absent others have their
 * default value. Enumerations are their names. Unknown fields are skipped.
 */

import {ENUMS, MESSAGES} from './messages.js';

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** Bytes a varint may have: 64 bits, seven in each. */
const MAX_VARINT_BYTES = 10;

const UTF8 = new TextEncoder();
const FROM_UTF8 = new TextDecoder('utf-8', {fatal: true});

/** How one value of a type is written, read, and what it is when absent. */
const SCALARS = {
  string: {
    wire: LENGTH_DELIMITED,
    write: (out, value) => out.bytes(UTF8.encode(value)),
    read: (input) => FROM_UTF8.decode(input.bytes()),
    absent: '',
  },
  bytes: {
    wire: LENGTH_DELIMITED,
    write: (out, value) => out.bytes(value),
    read: (input) => input.bytes(),
    absent: new Uint8Array(0),
  },
  bool: {
    wire: VARINT,
    write: (out, value) => out.varint(value ? 1n : 0n),
    read: (input) => input.varint() !== 0n,
    absent: false,
  },
  uint32: {
    wire: VARINT,
    write: (out, value) => out.varint(BigInt(value)),
    read: (input) => Number(BigInt.asUintN(32, input.varint())),
    absent: 0,
  },
  int32: {
    wire: VARINT,
    write: (out, value) => out.varint(BigInt.asUintN(64, BigInt(value))),
    read: (input) => Number(BigInt.asIntN(32, input.varint())),
    absent: 0,
  },
  // Ids stay below 2^53.
  uint64: {
    wire: VARINT,
    write: (out, value) => out.varint(BigInt(value)),
    read: (input) => Number(input.varint()),
    absent: 0,
  },
  float: {wire: FIXED32, write: (out, value) => out.float(value), read: (input) => input.float(), absent: 0},
};

/**
 * @param {string} type full name of the message, such as `session.ClientEvent`
 * @param {object} message members the table does not name are an error: they would be lost
 * @returns {Uint8Array}
 */
export function encode(type, message) {
  const fields = fieldsOf(type);
  const out = new Output();
  for (const [name, value] of Object.entries(message)) {
    const field = fields[name];
    if (!field) {
      throw new TypeError(`${type} has no field ${name}`);
    }
    if (value !== undefined && value !== null) {
      (field.isRepeated ? value : [value]).forEach((each) => writeField(out, field, each));
    }
  }
  return out.finish();
}

function writeField(out, {number, type}, value) {
  const {wire, write} = codecOf(type);
  out.varint(BigInt((number << 3) | wire));
  write(out, value);
}

/**
 * @param {string} type
 * @param {Uint8Array} bytes
 * @throws {RangeError | TypeError} when this is no such message
 */
export function decode(type, bytes) {
  const fields = fieldsOf(type);
  const message = {};
  for (const [name, field] of Object.entries(fields)) {
    if (field.isRepeated) {
      message[name] = [];
    } else if (field.hasDefault) {
      message[name] = codecOf(field.type).absent;
    }
  }
  const input = new Input(bytes);
  while (!input.isAtEnd()) {
    readField(input, byNumber(type), message);
  }
  return message;
}

function readField(input, names, message) {
  const tag = Number(input.varint());
  const wire = tag & 7;
  const {name, field} = names.get(tag >>> 3) ?? {};
  if (!field || codecOf(field.type).wire !== wire) {
    input.skip(wire);
    return;
  }
  const value = codecOf(field.type).read(input);
  if (field.isRepeated) {
    message[name].push(value);
  } else {
    message[name] = value;
  }
}

function codecOf(type) {
  return SCALARS[type] ?? (ENUMS[type] ? enumCodec(ENUMS[type]) : messageCodec(type));
}

/** A value this client does not know yet stays a number. */
function enumCodec(names) {
  return {
    wire: VARINT,
    write: (out, value) => out.varint(BigInt(typeof value === 'number' ? value : indexOf(names, value))),
    read: (input) => {
      const number = Number(BigInt.asIntN(32, input.varint()));
      return names[number] ?? number;
    },
    absent: names[0],
  };
}

function indexOf(names, value) {
  const index = names.indexOf(value);
  if (index < 0) {
    throw new TypeError(`${value} is none of ${names.join(', ')}`);
  }
  return index;
}

function messageCodec(type) {
  return {
    wire: LENGTH_DELIMITED,
    write: (out, value) => out.bytes(encode(type, value)),
    read: (input) => decode(type, input.bytes()),
  };
}

function fieldsOf(type) {
  const fields = MESSAGES[type];
  if (!fields) {
    throw new TypeError(`no message ${type}`);
  }
  return fields;
}

const numbered = new Map();

function byNumber(type) {
  if (!numbered.has(type)) {
    numbered.set(type, new Map(Object.entries(fieldsOf(type)).map(([name, field]) => [field.number, {name, field}])));
  }
  return numbered.get(type);
}

/** Bytes that grow. */
class Output {
  #bytes = new Uint8Array(64);
  #length = 0;

  varint(value) {
    this.#reserve(MAX_VARINT_BYTES);
    let rest = value;
    while (rest > 0x7fn) {
      this.#bytes[this.#length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#bytes[this.#length++] = Number(rest);
  }

  bytes(value) {
    this.varint(BigInt(value.length));
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  float(value) {
    this.#reserve(4);
    new DataView(this.#bytes.buffer).setFloat32(this.#length, value, true);
    this.#length += 4;
  }

  finish() {
    return this.#bytes.slice(0, this.#length);
  }

  #reserve(more) {
    if (this.#length + more > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + more));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
  }
}

/** Bytes that are read from front to back; reading beyond their end throws. */
class Input {
  #bytes;
  #at = 0;

  constructor(bytes) {
    this.#bytes = bytes;
  }

  isAtEnd() {
    return this.#at === this.#bytes.length;
  }

  varint() {
    let value = 0n;
    for (let index = 0; index < MAX_VARINT_BYTES; index++) {
      const byte = this.#bytes[this.#take(1)];
      value |= BigInt(byte & 0x7f) << BigInt(7 * index);
      if (byte < 0x80) {
        return BigInt.asUintN(64, value);
      }
    }
    throw new RangeError('a varint of more than ten bytes');
  }

  bytes() {
    const length = Number(this.varint());
    const from = this.#take(length);
    return this.#bytes.subarray(from, from + length);
  }

  float() {
    const from = this.#take(4);
    return new DataView(this.#bytes.buffer, this.#bytes.byteOffset + from).getFloat32(0, true);
  }

  skip(wire) {
    switch (wire) {
      case VARINT:
        this.varint();
        break;
      case FIXED64:
        this.#take(8);
        break;
      case LENGTH_DELIMITED:
        this.bytes();
        break;
      case FIXED32:
        this.#take(4);
        break;
      default:
        throw new RangeError(`wire type ${wire}`);
    }
  }

  #take(count) {
    const from = this.#at;
    if (count > this.#bytes.length - from) {
      throw new RangeError(`${count} bytes wanted, ${this.#bytes.length - from} left`);
    }
    this.#at += count;
    return from;
  }
}
