package dev.tapedeck.media.io.crypto;

import static dev.tapedeck.media.io.crypto.NativeLibrary.NATIVE;

import dev.tapedeck.media.core.srtp.SessionKeys;
import dev.tapedeck.media.core.srtp.SrtpProfile;
import java.lang.foreign.MemorySegment;

/** AEAD_AES_128_GCM by ipsec-mb, one call a packet (RFC 7714); {@link LibcryptoGcmCipher} draws the packets. */
final class IpsecMbGcmCipher extends NativeSrtpCipher {
  private static final int TAG_BYTES = 16;

  private static final int RTP_KEY_OFFSET = 0;
  private static final int RTCP_KEY_OFFSET = IpsecMb.GCM_KEY_BYTES;
  private static final int CONTEXT_OFFSET = 2 * IpsecMb.GCM_KEY_BYTES;
  private static final int IV_OFFSET = CONTEXT_OFFSET + IpsecMb.GCM_CONTEXT_BYTES;
  private static final int TAG_OFFSET = IV_OFFSET + 16;

  /** What of an SRTCP packet is authenticated only, brought together. */
  private static final int COVERED_OFFSET = TAG_OFFSET + TAG_BYTES;

  private static final int COVERED_BYTES = SrtcpTrailer.CLEAR_BYTES + SrtcpTrailer.BYTES;
  private static final int SECRET_BYTES = COVERED_OFFSET + 16;

  private final SecretMemory memory = new SecretMemory(SECRET_BYTES);
  private final long secrets = memory.address();
  private final GcmIv rtpIv;
  private final GcmIv rtcpIv;

  IpsecMbGcmCipher(SessionKeys rtpKeys, SessionKeys rtcpKeys) {
    super(SrtpProfile.AEAD_AES_128_GCM);
    prepare(rtpKeys, RTP_KEY_OFFSET);
    prepare(rtcpKeys, RTCP_KEY_OFFSET);
    rtpIv = new GcmIv(rtpKeys.salt());
    rtcpIv = new GcmIv(rtcpKeys.salt());
  }

  private void prepare(SessionKeys keys, int offset) {
    memory.write(TAG_OFFSET, keys.encryptionKey());
    IpsecMb.prepareGcm(secrets + TAG_OFFSET, secrets + offset);
    NATIVE.asSlice(secrets + TAG_OFFSET, TAG_BYTES).fill((byte) 0);
  }

  @Override
  int encryptRtp(long packet, int headerBytes, long payload, int payloadBytes, int ssrc, long index) {
    long body = packet + headerBytes;
    rtpIv.write(NATIVE, secrets + IV_OFFSET, ssrc, index);
    IpsecMb.encryptGcm(secrets + RTP_KEY_OFFSET, secrets + CONTEXT_OFFSET, body, payload, payloadBytes,
        secrets + IV_OFFSET, packet, headerBytes, body + payloadBytes, TAG_BYTES);
    return headerBytes + payloadBytes + TAG_BYTES;
  }

  @Override
  int decryptRtp(long packet, int headerBytes, int length, int ssrc, long index) {
    int plainBytes = length - TAG_BYTES;
    long body = packet + headerBytes;
    rtpIv.write(NATIVE, secrets + IV_OFFSET, ssrc, index);
    IpsecMb.decryptGcm(secrets + RTP_KEY_OFFSET, secrets + CONTEXT_OFFSET, body, body, plainBytes - headerBytes,
        secrets + IV_OFFSET, packet, headerBytes, secrets + TAG_OFFSET, TAG_BYTES);
    return verified(packet, plainBytes);
  }

  @Override
  int encryptRtcp(long packet, int length, int ssrc, int index) {
    long body = packet + SrtcpTrailer.CLEAR_BYTES;
    SrtcpTrailer.write(NATIVE, packet + length + TAG_BYTES, index);
    coverRtcp(packet, packet + length + TAG_BYTES);
    rtcpIv.write(NATIVE, secrets + IV_OFFSET, ssrc, index);
    IpsecMb.encryptGcm(secrets + RTCP_KEY_OFFSET, secrets + CONTEXT_OFFSET, body, body,
        length - SrtcpTrailer.CLEAR_BYTES, secrets + IV_OFFSET, secrets + COVERED_OFFSET, COVERED_BYTES,
        packet + length, TAG_BYTES);
    return length + TAG_BYTES + SrtcpTrailer.BYTES;
  }

  @Override
  int decryptRtcp(long packet, int length, int ssrc, int index) {
    int plainBytes = length - TAG_BYTES - SrtcpTrailer.BYTES;
    long body = packet + SrtcpTrailer.CLEAR_BYTES;
    coverRtcp(packet, packet + plainBytes + TAG_BYTES);
    rtcpIv.write(NATIVE, secrets + IV_OFFSET, ssrc, index);
    IpsecMb.decryptGcm(secrets + RTCP_KEY_OFFSET, secrets + CONTEXT_OFFSET, body, body,
        plainBytes - SrtcpTrailer.CLEAR_BYTES, secrets + IV_OFFSET, secrets + COVERED_OFFSET, COVERED_BYTES,
        secrets + TAG_OFFSET, TAG_BYTES);
    return verified(packet, plainBytes);
  }

  private void coverRtcp(long packet, long trailer) {
    long covered = secrets + COVERED_OFFSET;
    MemorySegment.copy(NATIVE, packet, NATIVE, covered, SrtcpTrailer.CLEAR_BYTES);
    MemorySegment.copy(NATIVE, trailer, NATIVE, covered + SrtcpTrailer.CLEAR_BYTES, SrtcpTrailer.BYTES);
  }

  private int verified(long packet, int plainBytes) {
    return Tags.isSame(secrets + TAG_OFFSET, packet + plainBytes, TAG_BYTES) ? plainBytes : AUTHENTICATION_FAILED;
  }

  @Override
  void free() {
    memory.close();
  }
}
