package dev.tapedeck.bench.client.srtp;

import dev.tapedeck.bench.client.net.JitsiLogs;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import org.jitsi.srtp.SrtcpCryptoContext;
import org.jitsi.srtp.SrtpContextFactory;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.srtp.SrtpPolicy;
import org.jitsi.srtp.crypto.Aes;
import org.jitsi.utils.logging2.Logger;
import org.jitsi.utils.logging2.LoggerImpl;

/**
 * SRTP and SRTCP of one connection, both directions (RFC 3711, RFC 7714), by jitsi-srtp. Packets are changed in place.
 *
 * <p>Owned by the loop thread of its client.
 */
public final class SrtpSession implements AutoCloseable {
  /** Room that must be free behind a packet: tag (16), SRTCP index (4). */
  public static final int MAX_OVERHEAD_BYTES = 20;

  private static final Logger LOG = new LoggerImpl(SrtpSession.class.getName());

  static {
    JitsiLogs.quiet();
    // Without a pin the library measures its ciphers at first use, for a second of CPU and with changing outcome.
    Aes.setFactoryClassName("org.jitsi.srtp.crypto.Aes$SunJCECipherFactory");
  }

  private final SrtpContextFactory outbound;
  private final SrtpContextFactory inbound;
  private final Map<Integer, SrtpCryptoContext> outboundRtp = new HashMap<>();
  private final Map<Integer, SrtpCryptoContext> inboundRtp = new HashMap<>();
  private final Map<Integer, SrtcpCryptoContext> outboundRtcp = new HashMap<>();
  private final Map<Integer, SrtcpCryptoContext> inboundRtcp = new HashMap<>();
  private final PacketView view = new PacketView();
  private long rejectedPackets;

  /** @param isDtlsClient true to send with the client's key and receive with the server's */
  public SrtpSession(SrtpMasterKeys keys, boolean isDtlsClient) {
    byte[] ourKey = isDtlsClient ? keys.clientKey() : keys.serverKey();
    byte[] ourSalt = isDtlsClient ? keys.clientSalt() : keys.serverSalt();
    byte[] theirKey = isDtlsClient ? keys.serverKey() : keys.clientKey();
    byte[] theirSalt = isDtlsClient ? keys.serverSalt() : keys.clientSalt();
    SrtpPolicy policy = policy(keys.protection());
    outbound = new SrtpContextFactory(true, ourKey, ourSalt, policy, policy, LOG);
    inbound = new SrtpContextFactory(false, theirKey, theirSalt, policy, policy, LOG);
  }

  private static SrtpPolicy policy(SrtpProtection protection) {
    return switch (protection) {
      case AEAD_AES_128_GCM -> new SrtpPolicy(SrtpPolicy.AESGCM_ENCRYPTION, SrtpProtection.KEY_BYTES,
          SrtpPolicy.NULL_AUTHENTICATION, 0, 16, protection.saltBytes());
      case AES128_CM_HMAC_SHA1_80 -> new SrtpPolicy(SrtpPolicy.AESCM_ENCRYPTION, SrtpProtection.KEY_BYTES,
          SrtpPolicy.HMACSHA1_AUTHENTICATION, 20, 10, protection.saltBytes());
    };
  }

  /** Encrypts an RTP packet in place; the array must have {@link #MAX_OVERHEAD_BYTES} of room behind it.
   *  @return the new length */
  public int protectRtp(byte[] packet, int length, int ssrc) {
    try {
      SrtpCryptoContext context = outboundRtp.get(ssrc);
      if (context == null) {
        context = outbound.deriveContext(ssrc, 0);
        outboundRtp.put(ssrc, context);
      }
      return protectedLength(context.transformPacket(view.of(packet, length)), "RTP");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("SRTP encryption failed for SSRC " + Integer.toUnsignedString(ssrc), e);
    }
  }

  /** Encrypts a compound RTCP packet in place, as {@link #protectRtp}. */
  public int protectRtcp(byte[] packet, int length, int senderSsrc) {
    try {
      SrtcpCryptoContext context = outboundRtcp.get(senderSsrc);
      if (context == null) {
        context = outbound.deriveControlContext(senderSsrc);
        outboundRtcp.put(senderSsrc, context);
      }
      return protectedLength(context.transformPacket(view.of(packet, length)), "RTCP");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("SRTCP encryption failed", e);
    }
  }

  private int protectedLength(SrtpErrorStatus status, String what) {
    if (status != SrtpErrorStatus.OK) {
      throw new IllegalStateException("cannot protect an " + what + " packet: " + status);
    }
    return view.getLength();
  }

  /** Checks and decrypts an SRTP packet in place.
   *  @return the length of the RTP packet, or -1 if it is forged, replayed or broken (counted) */
  public int unprotectRtp(byte[] packet, int length, int ssrc) {
    try {
      SrtpCryptoContext context = inboundRtp.get(ssrc);
      if (context == null) {
        context = inbound.deriveContext(ssrc, 0);
        inboundRtp.put(ssrc, context);
      }
      return plainLength(context.reverseTransformPacket(view.of(packet, length), false));
    } catch (GeneralSecurityException e) {
      return reject();
    }
  }

  /** Checks and decrypts an SRTCP packet in place, as {@link #unprotectRtp}. */
  public int unprotectRtcp(byte[] packet, int length, int senderSsrc) {
    try {
      SrtcpCryptoContext context = inboundRtcp.get(senderSsrc);
      if (context == null) {
        context = inbound.deriveControlContext(senderSsrc);
        inboundRtcp.put(senderSsrc, context);
      }
      return plainLength(context.reverseTransformPacket(view.of(packet, length)));
    } catch (GeneralSecurityException e) {
      return reject();
    }
  }

  private int plainLength(SrtpErrorStatus status) {
    return status == SrtpErrorStatus.OK ? view.getLength() : reject();
  }

  private int reject() {
    rejectedPackets++;
    return -1;
  }

  /** Packets that failed authentication or were replays. */
  public long rejectedPackets() {
    return rejectedPackets;
  }

  @Override
  public void close() {
    outbound.close();
    inbound.close();
  }
}
