package dev.tapedeck.protocol.http;

import java.io.IOException;
import java.io.InputStream;

/**
 * What a server leaves of a request's body when it refuses the request early. A connection closed with bytes unread is reset,
 * and a reset may take back the answer that the caller has not read yet (RFC 9112 §9.6); so the rest is read first.
 */
public final class UnreadBody {
  /** A longer body is not waited for: its connection is closed. */
  private static final long MAX_BYTES = 1 << 20;

  private UnreadBody() {}

  /**
   * Reads the rest of a body, up to a megabyte of it, before the answer is sent.
   *
   * @param expect the request's {@code Expect} header, or null: who waits for a {@code 100 Continue} sends no body
   */
  public static void drain(InputStream body, String expect) {
    if (expect != null) {
      return;
    }
    try {
      body.skip(MAX_BYTES);
    } catch (IOException e) {
      // The caller hung up, or its body is broken; sending the answer will tell.
    }
  }
}
