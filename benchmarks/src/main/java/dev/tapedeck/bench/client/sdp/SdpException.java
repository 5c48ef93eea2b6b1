package dev.tapedeck.bench.client.sdp;

import java.io.IOException;

/** The server's session description cannot be used, and why. */
public final class SdpException extends IOException {
  private static final long serialVersionUID = 1;

  public SdpException(String message) {
    super(message);
  }
}
