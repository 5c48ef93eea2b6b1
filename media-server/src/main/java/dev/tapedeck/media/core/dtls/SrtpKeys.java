package dev.tapedeck.media.core.dtls;

import dev.tapedeck.media.core.srtp.SrtpProfile;

/** What the DTLS exporter yields for SRTP (RFC 5764 §4.2), seen from our side. */
public record SrtpKeys(
    SrtpProfile profile, byte[] localKey, byte[] localSalt, byte[] remoteKey, byte[] remoteSalt) {
  @Override
  public String toString() {
    return "SrtpKeys[" + profile + ", ****]";
  }
}
