package dev.tapedeck.media.live;

import dev.tapedeck.media.core.sctp.ChannelParameters;
import dev.tapedeck.media.core.sctp.SctpAssociation;
import dev.tapedeck.media.core.sctp.SctpConfig;
import dev.tapedeck.media.core.sctp.SctpEvent;
import dev.tapedeck.media.core.sctp.SctpOutput;
import dev.tapedeck.media.core.srtp.SrtpProfile;
import dev.tapedeck.media.core.srtp.SrtpReceiver;
import dev.tapedeck.media.core.srtp.SrtpSender;
import dev.tapedeck.media.io.crypto.CipherChoice;
import dev.tapedeck.media.io.dtls.DtlsCertificate;
import dev.tapedeck.media.io.dtls.DtlsTestClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;

/**
 * One DTLS association of a client with what lies on it: SRTP both ways and the data channel of the session protocol. It
 * outlives the sockets it is carried by. A thread of its own shakes hands and reads; everybody else is let in one at a
 * time.
 */
final class LiveLink implements DatagramTransport {
  private static final int CHANNEL = 0;
  private static final int PACKET_BYTES = 2048;
  private static final int WAIT_MILLIS = 20;

  private final SrtpProfile profile;
  private final Consumer<byte[]> sink;
  private final Consumer<byte[]> messages;
  private final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
  private final MemorySegment memory = Arena.ofAuto().allocate(2 * PACKET_BYTES, 64);
  private final SctpAssociation association;
  private final Channel channel = new Channel();
  private final Thread thread;
  private DTLSTransport dtls;
  private SrtpSender srtpSender;
  private SrtpReceiver srtpReceiver;
  private volatile boolean isRunning = true;

  /**
   * @param profile  offered alone
   * @param sink     sends a datagram
   * @param messages hears what comes on the data channel
   */
  LiveLink(SrtpProfile profile, DtlsCertificate certificate, Consumer<byte[]> sink, Consumer<byte[]> messages) {
    this.profile = profile;
    this.sink = sink;
    this.messages = messages;
    association = new SctpAssociation(SctpConfig.defaults(), new SecureRandom());
    thread = Thread.ofVirtual().start(() -> run(certificate));
  }

  /** Takes a DTLS datagram that has come. */
  void take(byte[] datagram) {
    received.add(datagram);
  }

  private void run(DtlsCertificate certificate) {
    try {
      DtlsTestClient client =
          new DtlsTestClient(Optional.of(certificate), profile.id);
      start(new DTLSClientProtocol().connect(client, this), client);
      byte[] data = new byte[PACKET_BYTES];
      while (isRunning) {
        int bytes = dtls.receive(data, 0, data.length, WAIT_MILLIS);
        synchronized (this) {
          if (bytes >= 0) {
            association.handlePacket(
                System.nanoTime(), MemorySegment.ofArray(Arrays.copyOf(data, bytes)), 0, bytes, channel);
          }
          association.handleTimeout(System.nanoTime(), channel);
        }
      }
    } catch (IOException e) {
      isRunning = false; // the server, or the test, has ended it
    }
  }

  /** The keys lie in the order of RFC 5764 §4.2: client's and server's key, client's and server's salt. */
  private synchronized void start(DTLSTransport connected, DtlsTestClient client) {
    dtls = connected;
    int key = profile.keyBytes;
    int salt = profile.saltBytes;
    var ciphers = CipherChoice.choose(Optional.empty());
    srtpSender =
        new SrtpSender(ciphers.create(profile, client.exported(0, key), client.exported(2 * key, salt)), 16);
    srtpReceiver = new SrtpReceiver(profile,
        ciphers.create(profile, client.exported(key, key), client.exported(2 * key + salt, salt)), 16);
    association.openNegotiated(System.nanoTime(), CHANNEL, ChannelParameters.reliable("data"), channel);
  }

  boolean isUp() {
    return isRunning && association.isUp();
  }

  synchronized void send(byte[] message) {
    association.send(System.nanoTime(), CHANNEL, true, message, channel);
  }

  /** Protects and sends a plain RTP packet, once there are keys. */
  synchronized void sendRtp(byte[] packet, int headerBytes) {
    if (srtpSender != null) {
      MemorySegment.copy(packet, 0, memory, ValueLayout.JAVA_BYTE, 0, packet.length);
      int bytes =
          srtpSender.protectRtp(memory, 0, headerBytes, headerBytes, packet.length - headerBytes, PACKET_BYTES);
      sink.accept(memory.asSlice(PACKET_BYTES, bytes).toArray(ValueLayout.JAVA_BYTE));
    }
  }

  /** The plain packet of an SRTP packet, if it is authentic. */
  synchronized Optional<byte[]> receiveRtp(byte[] packet) {
    if (srtpReceiver == null) {
      return Optional.empty();
    }
    MemorySegment.copy(packet, 0, memory, ValueLayout.JAVA_BYTE, 0, packet.length);
    int bytes = srtpReceiver.unprotectRtp(memory, 0, packet.length);
    return bytes < 0 ? Optional.empty() : Optional.of(memory.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE));
  }

  /** Ends without a word. */
  void stop() throws InterruptedException {
    isRunning = false;
    thread.interrupt();
    thread.join();
  }

  @Override
  public void send(byte[] buffer, int offset, int length) {
    sink.accept(Arrays.copyOfRange(buffer, offset, offset + length));
  }

  @Override
  public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
    try {
      byte[] datagram = isRunning ? received.poll(waitMillis, TimeUnit.MILLISECONDS) : null;
      if (!isRunning) {
        throw new IOException("stopped");
      }
      if (datagram == null) {
        return -1;
      }
      System.arraycopy(datagram, 0, buffer, offset, datagram.length);
      return datagram.length;
    } catch (InterruptedException e) {
      throw new IOException("stopped", e);
    }
  }

  @Override
  public int getReceiveLimit() {
    return PACKET_BYTES;
  }

  @Override
  public int getSendLimit() {
    return 1200;
  }

  @Override
  public void close() {}

  private final class Channel implements SctpOutput {
    @Override
    public void send(byte[] packet) {
      try {
        dtls.send(packet, 0, packet.length);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void event(SctpEvent event) {
      if (event instanceof SctpEvent.Message(int id, boolean isBinary, byte[] data) && id == CHANNEL) {
        messages.accept(data);
      }
    }
  }
}
