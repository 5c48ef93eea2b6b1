package dev.tapedeck.media.core.srtp;

/** A DTLS-SRTP protection profile (RFC 5764 §4.1.2, RFC 7714 §14.2), best first. */
public enum SrtpProfile {
  AEAD_AES_128_GCM(0x0007, 16, 12, 16, 16),
  AES128_CM_HMAC_SHA1_80(0x0001, 16, 14, 10, 10);

  /** Number in the use_srtp extension. */
  public final int id;

  public final int keyBytes;
  public final int saltBytes;

  /** Bytes an SRTP packet is longer than its plaintext. */
  public final int rtpTagBytes;

  /** Tag of an SRTCP packet; the 4-byte E flag and index come on top. */
  public final int rtcpTagBytes;

  SrtpProfile(int id, int keyBytes, int saltBytes, int rtpTagBytes, int rtcpTagBytes) {
    this.id = id;
    this.keyBytes = keyBytes;
    this.saltBytes = saltBytes;
    this.rtpTagBytes = rtpTagBytes;
    this.rtcpTagBytes = rtcpTagBytes;
  }

  /** How far before the end of an SRTCP packet its E flag and index stand: behind the tag with GCM (RFC 7714 §9.2). */
  public int rtcpIndexFromEnd() {
    return this == AEAD_AES_128_GCM ? 4 : 4 + rtcpTagBytes;
  }
}
