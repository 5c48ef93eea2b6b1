package dev.tapedeck.media.sim;

import dev.tapedeck.media.core.ice.IceCredentials;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The controlling ICE agent of a client: makes binding requests and checks their responses (RFC 8445, RFC 8489). */
public final class SimIce {
  private static final int COOKIE = 0x2112A442;

  private final RandomGenerator random;
  private final String ufrag;
  private final Set<String> openTransactions = new TreeSet<>();
  private IceCredentials server;
  private int refusals;

  public SimIce(RandomGenerator random, String ufrag, IceCredentials server) {
    this.random = random;
    this.ufrag = ufrag;
    this.server = server;
  }

  /** The server's credentials after an ICE restart; ours stay, which the server does not mind. */
  public void restart(IceCredentials server) {
    this.server = server;
  }

  public byte[] check(boolean isNomination) {
    byte[] transaction = new byte[12];
    random.nextBytes(transaction);
    openTransactions.add(HexFormat.of().formatHex(transaction));
    return check(transaction, isNomination, server.pwd());
  }

  /** A check by somebody who does not know the password. */
  byte[] forgedCheck() {
    return check(new byte[12], true, "this-is-not-the-password");
  }

  private byte[] check(byte[] transaction, boolean isNomination, String password) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    attribute(body, 0x0006, (server.ufrag() + ":" + ufrag).getBytes(StandardCharsets.UTF_8));
    attribute(body, 0x802A, new byte[8]);
    attribute(body, 0x0024, new byte[] {0x6E, 0, 1, (byte) 0xFF});
    if (isNomination) {
      attribute(body, 0x0025, new byte[0]);
    }
    attribute(body, 0x0008, hmac(message(transaction, body, 24), password));
    CRC32 crc = new CRC32();
    crc.update(message(transaction, body, 8));
    attribute(body, 0x8028, ByteBuffer.allocate(4).putInt((int) crc.getValue() ^ 0x5354554E).array());
    return message(transaction, body, 0);
  }

  /** Whether this answers one of our checks with success and names the address we sent from. */
  public boolean isSuccess(byte[] response, SimAddress own) {
    ByteBuffer message = ByteBuffer.wrap(response);
    String transaction = HexFormat.of().formatHex(Arrays.copyOfRange(response, 8, 20));
    if (message.getShort(0) == 0x0111) {
      refusals++;
      return false;
    }
    return message.getShort(0) == 0x0101
        && message.getInt(4) == COOKIE
        && openTransactions.remove(transaction)
        && isAuthentic(response)
        && namesAddress(message, own);
  }

  int refusals() {
    return refusals;
  }

  private boolean isAuthentic(byte[] response) {
    int at = find(ByteBuffer.wrap(response), 0x0008);
    if (at < 0) {
      return false;
    }
    byte[] covered = Arrays.copyOf(response, at - 4);
    ByteBuffer.wrap(covered).putShort(2, (short) (at - 4 + 24 - 20));
    return Arrays.equals(hmac(covered, server.pwd()), Arrays.copyOfRange(response, at, at + 20));
  }

  private static boolean namesAddress(ByteBuffer message, SimAddress own) {
    int at = find(message, 0x0020);
    return at >= 0
        && message.get(at + 1) == 1
        && (message.getShort(at + 2) & 0xFFFF ^ COOKIE >>> 16) == own.port()
        && (message.getInt(at + 4) ^ COOKIE) == own.ipv4();
  }

  /** Where the attribute's value begins, or -1. */
  private static int find(ByteBuffer message, int type) {
    for (int at = 20; at + 4 <= message.capacity(); at += 4 + (message.getShort(at + 2) + 3 & ~3)) {
      if ((message.getShort(at) & 0xFFFF) == type) {
        return at + 4;
      }
    }
    return -1;
  }

  private static void attribute(ByteArrayOutputStream body, int type, byte[] value) {
    body.writeBytes(ByteBuffer.allocate(4).putShort((short) type).putShort((short) value.length).array());
    body.writeBytes(value);
    body.writeBytes(new byte[-value.length & 3]);
  }

  private static byte[] message(byte[] transaction, ByteArrayOutputStream body, int bytesToCome) {
    return ByteBuffer.allocate(20 + body.size())
        .putShort((short) 0x0001).putShort((short) (body.size() + bytesToCome)).putInt(COOKIE)
        .put(transaction).put(body.toByteArray()).array();
  }

  private static byte[] hmac(byte[] message, String password) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(password.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
