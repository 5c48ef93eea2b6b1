package dev.tapedeck.bench.peers.tapedeck;

import dev.tapedeck.bench.client.WhepClient;
import dev.tapedeck.bench.client.WhepClient.Slot;
import dev.tapedeck.bench.client.WhipClient;
import dev.tapedeck.bench.client.sdp.MediaKind;
import dev.tapedeck.bench.peers.PeerSystem;
import dev.tapedeck.bench.peers.SdpClient;
import dev.tapedeck.bench.peers.process.ProcessTree;
import dev.tapedeck.bench.process.JvmFacts;
import dev.tapedeck.bench.process.LoadTarget;
import dev.tapedeck.bench.process.ServerFacts;
import dev.tapedeck.bench.process.ServerProcess;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** The media server of this build as a child process, by WHIP and WHEP. */
public final class TapedeckSystem implements PeerSystem {
  /** Name of no track. */
  private static final String FIRST_OF_ITS_KIND = "";

  private final ServerProcess server;
  private final LoadTarget target;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Duration startUp;
  private final AtomicInteger names = new AtomicInteger();

  private TapedeckSystem(ServerProcess server, Duration startUp) {
    this.server = server;
    this.target = server.target();
    this.startUp = startUp;
  }

  /** @param flags of its JVM, besides the usual ones */
  public static TapedeckSystem start(ServerProcess.Arguments arguments, List<String> flags) throws IOException {
    long startNanos = System.nanoTime();
    ServerProcess server = ServerProcess.start(arguments, flags);
    return new TapedeckSystem(server, Duration.ofNanos(System.nanoTime() - startNanos));
  }

  @Override
  public String name() {
    return "tapedeck";
  }

  @Override
  public String description() {
    try {
      ServerFacts facts = server.facts();
      return "this build, SRTP by " + facts.crypto() + ", sends by " + facts.send();
    } catch (IOException e) {
      return "this build; it did not say how it works: " + e.getMessage();
    }
  }

  /** Name of its SRTP back end. */
  public String crypto() throws IOException {
    return server.facts().crypto();
  }

  @Override
  public ProcessTree processes() {
    return new ProcessTree(target.pid());
  }

  @Override
  public Optional<Duration> startUp() {
    return Optional.of(startUp);
  }

  @Override
  public Publication publish(String room, MediaKind kind, SdpClient client) throws IOException {
    String peer = "peer" + names.incrementAndGet();
    WhipClient signaling = new WhipClient(http, target.address(), target.tokens().whip(room, peer, false));
    client.accept(signaling.publish(client.offer()));
    return new Publication(room, peer, kind, signaling::delete);
  }

  @Override
  public Leaving subscribe(List<Publication> publications, SdpClient client) throws IOException {
    Publication first = publications.getFirst();
    String peer = "peer" + names.incrementAndGet();
    WhepClient signaling = new WhepClient(http, target.address(), target.tokens().whep(first.room(), peer));
    client.accept(signaling.watch(client.offer(), Optional.of(first.id())));
    if (publications.size() > 1) {
      signaling.putSlots(slots(publications));
    }
    return signaling::delete;
  }

  /** The client's m-lines are numbered from 0 in the order of the streams it wants. */
  private static List<Slot> slots(List<Publication> publications) {
    List<Slot> slots = new ArrayList<>();
    for (int i = 0; i < publications.size(); i++) {
      Publication shown = publications.get(i);
      slots.add(Slot.of(Integer.toString(i), shown.id(), FIRST_OF_ITS_KIND));
    }
    return slots;
  }

  /** Live objects after full collections, and what is resident outside the heap. */
  @Override
  public long memoryBytes() throws IOException {
    JvmFacts facts = JvmFacts.of(target.pid());
    return facts.heapBytes() + facts.rssBytes();
  }

  @Override
  public void close() {
    server.close();
    http.close();
  }
}
