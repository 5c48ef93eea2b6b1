package dev.tapedeck.media.core.limit;

/** What can be too much. Each is a counter in {@code /metrics} of what was refused for it, and a setting. */
public enum Limit {
  /** Sessions of this server. */
  SESSIONS,
  /** Sessions of one app. */
  APP_SESSIONS,
  /** Sessions of one worker. */
  WORKER_SESSIONS,
  /** Rooms of this server. */
  ROOMS,
  /** Sessions of one room. */
  ROOM_SESSIONS,
  /** Tracks of one session, each way. */
  SESSION_TRACKS,
  /** Labels of messages that one session publishes to or subscribes to. */
  SESSION_LABELS,
  /** Labels of messages in one room. */
  ROOM_LABELS,
  /** Requests of one session over its data channel. */
  SESSION_REQUESTS,
  /** Datagrams of one session over DTLS. */
  SESSION_DATA,
  /** Bytes of one message. */
  MESSAGE_SIZE,
  /** What one session gives to others by its messages. */
  SESSION_DELIVERIES,
  /** HTTP requests from one address. */
  ADDRESS_REQUESTS,
  /** HTTP requests with tokens of one app. */
  APP_REQUESTS,
  /** Single-use tokens of one app that have to be remembered. */
  TOKENS_REMEMBERED
}
