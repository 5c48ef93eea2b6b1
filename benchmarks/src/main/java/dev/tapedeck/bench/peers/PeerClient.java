package dev.tapedeck.bench.peers;

import dev.tapedeck.bench.client.RtcClient;
import dev.tapedeck.bench.client.RtcSettings;
import dev.tapedeck.bench.client.net.ClientLoop;
import dev.tapedeck.bench.client.rtp.PacketConsumer;
import dev.tapedeck.bench.client.sdp.DtlsSetup;
import dev.tapedeck.bench.client.sdp.OfferedMedia;
import java.io.IOException;
import java.util.List;

/** A client of the kit whose signalling is somebody else's; its packets are counted and a sample is decrypted. */
public final class PeerClient implements SdpClient, AutoCloseable {
  private final RtcClient client;
  private final List<OfferedMedia> media;
  private String answer;

  /** @param media what it offers when it is asked to offer; as an answerer it takes what comes */
  public PeerClient(ClientLoop loop, RtcSettings settings, List<OfferedMedia> media) {
    this.client = new RtcClient(loop, settings);
    this.media = List.copyOf(media);
  }

  @Override
  public String offer() throws IOException {
    return client.createOffer(media, DtlsSetup.ACTIVE);
  }

  @Override
  public void accept(String answerSdp) {
    answer = answerSdp;
  }

  @Override
  public String answer(String offerSdp) throws IOException {
    return client.createAnswer(offerSdp);
  }

  /** After signalling: ICE and DTLS, until media can flow. */
  public void connect() throws IOException {
    if (answer != null) {
      client.connect(answer, mid -> PacketConsumer.NONE);
    } else {
      client.connectAnswered(mid -> PacketConsumer.NONE);
    }
  }

  public RtcClient rtc() {
    return client;
  }

  @Override
  public void close() {
    client.close();
  }
}
