// Prints the table of messages as JSON, for the test that holds it against the .proto files.
import {ENUMS, MESSAGES} from '../lib/messages.js';

console.log(JSON.stringify({enums: ENUMS, messages: MESSAGES}));
