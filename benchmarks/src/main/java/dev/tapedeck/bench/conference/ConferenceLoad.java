package dev.tapedeck.bench.conference;

import dev.tapedeck.bench.client.SyntheticPublisher;
import dev.tapedeck.bench.client.WhepClient.Slot;
import dev.tapedeck.bench.client.sdp.OfferedMedia;
import dev.tapedeck.bench.client.srtp.SrtpProtection;
import dev.tapedeck.bench.load.LoadClients;
import dev.tapedeck.bench.load.LoadRun;
import dev.tapedeck.bench.load.MemoryUse;
import dev.tapedeck.bench.load.Watching;
import dev.tapedeck.bench.process.JvmFacts;
import dev.tapedeck.bench.process.LoadTarget;
import dev.tapedeck.bench.process.Pause;
import dev.tapedeck.bench.process.Together;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The people of a {@link Conference}, each of whom has one session to send and one to receive. */
final class ConferenceLoad implements AutoCloseable {
  private static final long START_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** The server names the first track of a kind so. */
  private static final String FIRST_OF_KIND = "_main";

  private final Conference conference;
  private final LoadClients clients;

  ConferenceLoad(LoadTarget target, List<SrtpProtection> protections, Conference conference) {
    this.conference = conference;
    this.clients = new LoadClients(target, protections);
  }

  /** Lets all of them join and talk; they are gone after {@link #close}. */
  ConferenceRun measure(Duration warmUp, Duration window) throws IOException {
    JvmFacts empty = JvmFacts.of(clients.target().pid());
    List<SyntheticPublisher> senders = Together.each(conference.persons(), i ->
        clients.publish(roomOf(i), nameOf(i), conference.tracks(), false));
    clients.joinWithSample(conference.persons(), (all, i) -> watch(all, "", i), this::watch);
    play(senders);
    clients.awaitMedia();
    Pause.of(warmUp);
    LoadRun run = clients.measure(window);
    MemoryUse memory = new MemoryUse(empty, JvmFacts.of(clients.target().pid()), 2 * conference.persons());
    return new ConferenceRun(conference, run, memory);
  }

  /** Bursts of different people are spread evenly over the time from burst to burst. */
  private void play(List<SyntheticPublisher> senders) throws IOException {
    long startNanos = clients.sendingLoop().nowNanos() + START_DELAY_NANOS;
    long intervalNanos = conference.burst().intervalNanos();
    for (int i = 0; i < senders.size(); i++) {
      senders.get(i).play(startNanos + intervalNanos * i / senders.size());
    }
    clients.plan(conference.sentPacketsPerSecond());
    clients.startRelay(conference.burst(), startNanos + intervalNanos / (2L * senders.size()));
  }

  /** @param place in the sample, empty for one who counts */
  private Watching watch(LoadClients all, String place, int number) throws IOException {
    String peer = nameOf(number) + "-watching";
    List<String> others = othersOf(number);
    Optional<String> first = Optional.of(others.getFirst());
    Watching watching = place.isEmpty()
        ? all.count(roomOf(number), peer, conference.watched(), first)
        : all.check(place, roomOf(number), peer, conference.watched(), first);
    watching.watcher().show(slots(others));
    return watching;
  }

  private List<Slot> slots(List<String> others) {
    List<OfferedMedia> media = conference.watched();
    int perPerson = media.size() / others.size();
    List<Slot> slots = new ArrayList<>();
    for (int i = 0; i < media.size(); i++) {
      slots.add(Slot.of(media.get(i).mid(), others.get(i / perPerson), media.get(i).kind().sdpName() + FIRST_OF_KIND));
    }
    return slots;
  }

  private List<String> othersOf(int number) {
    int room = number / conference.people();
    List<String> others = new ArrayList<>();
    for (int i = room * conference.people(); i < (room + 1) * conference.people(); i++) {
      if (i != number) {
        others.add(nameOf(i));
      }
    }
    return others;
  }

  private String roomOf(int number) {
    return Conference.room(number / conference.people());
  }

  private String nameOf(int number) {
    return Conference.person(number % conference.people());
  }

  @Override
  public void close() throws IOException {
    clients.close();
  }
}
