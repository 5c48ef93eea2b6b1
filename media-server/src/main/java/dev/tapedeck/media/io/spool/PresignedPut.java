package dev.tapedeck.media.io.spool;

import java.net.URI;
import java.util.Map;

/**
 * Leave to put one object once, for a short while.
 *
 * @param uri     holds a signature: never logged
 * @param headers the request must carry, because they are signed
 */
public record PresignedPut(URI uri, Map<String, String> headers) {
  public PresignedPut {
    headers = Map.copyOf(headers);
  }

  @Override
  public String toString() {
    return "PresignedPut[" + uri.getHost() + uri.getPath() + ", " + headers.keySet() + "]";
  }
}
