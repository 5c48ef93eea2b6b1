package dev.tapedeck.bench.client;

import java.io.IOException;
import java.net.URI;

/** The server refused a WHIP or WHEP request. */
public final class SignalingException extends IOException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String body;

  SignalingException(String method, URI uri, int status, String body) {
    super(method + " " + uri + " answered " + status + ": " + body);
    this.status = status;
    this.body = body;
  }

  public int status() {
    return status;
  }

  public String body() {
    return body;
  }
}
