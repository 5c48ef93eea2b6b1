package dev.tapedeck.connector.core.hook;

import dev.tapedeck.protocol.wire.HookEvent;
import java.nio.charset.StandardCharsets;

/** How the body of a hook is written. */
public enum HookStyle {
  /** JSON as the field's reference server writes it; the default. */
  REFERENCE("application/json"),
  /** Canonical proto3 JSON. */
  PROTO3("application/json"),
  /** The bytes of the HookEvent message. */
  BINARY("application/x-protobuf");

  private final String contentType;

  HookStyle(String contentType) {
    this.contentType = contentType;
  }

  public String contentType() {
    return contentType;
  }

  /** The exact bytes to sign and send. The same event gives the same bytes on every attempt. */
  public byte[] body(HookEvent event) {
    return switch (this) {
      case REFERENCE -> ReferenceJson.write(event).getBytes(StandardCharsets.UTF_8);
      case PROTO3 -> Proto3Json.write(event).getBytes(StandardCharsets.UTF_8);
      case BINARY -> event.toByteArray();
    };
  }
}
