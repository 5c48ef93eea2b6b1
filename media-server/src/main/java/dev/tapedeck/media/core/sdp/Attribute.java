package dev.tapedeck.media.core.sdp;

/**
 * An attribute {@code a=<name>:<value>} nothing here gives a meaning to; kept so that a description survives reading
 * and writing.
 *
 * @param value empty for a property attribute {@code a=<name>}
 */
public record Attribute(String name, String value) {
  @Override
  public String toString() {
    return value.isEmpty() ? name : name + ":" + value;
  }
}
