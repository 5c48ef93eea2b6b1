// The SDK leaves protobufjs to a bundler; this is what one would make of its script.
import '/npm/protobufjs/dist/minimal/protobuf.js';

export const { Reader, Writer } = globalThis.protobuf;
