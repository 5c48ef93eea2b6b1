package dev.tapedeck.media.core.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** slots follow the loudest within 300 ms, and stay where nobody is clearly louder. */
class AudioMixerTest {
  private static final long MILLIS = 1_000_000L;
  private static final long FOLLOW_NANOS = 300 * MILLIS;
  private static final byte[] PACKET =
      HexFormat.of().parseHex("906f00010000000000000001bede000110000000");
  private static final int LEVEL_OFFSET = 17;

  /** Sends a packet every 20 ms, at a moment of its own. */
  private final class Voice implements Speaker {
    final String name;
    final AudioLevel level = new AudioLevel(1);
    private final long phaseNanos = random.nextInt((int) (20 * MILLIS));
    int decibels = -80;

    /** Packets differ by so much up or down. */
    int spread;

    Voice(String name) {
      this.name = name;
    }

    void send() {
      int packetDecibels = decibels + (spread == 0 ? 0 : random.nextInt(-spread, spread + 1));
      memory.set(ValueLayout.JAVA_BYTE, LEVEL_OFFSET, (byte) -Math.clamp(packetDecibels, -127, 0));
      level.read(nowNanos, memory, 0, PACKET.length);
    }

    @Override
    public double decibelsAt(long at) {
      return level.decibelsAt(at);
    }

    @Override
    public boolean isSpeakingAt(long at) {
      return level.isSpeakingAt(at);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private final MemorySegment memory = Arena.ofAuto().allocate(64, 8);
  private SplittableRandom random = new SplittableRandom(1);
  private final List<Voice> voices = new ArrayList<>();
  private AudioMixer<Voice> mixer;
  private long nowNanos = -MILLIS * 7;
  private long mixerPhaseNanos;
  private int changes;

  private void begin(long seed, int slots, int speakers) {
    System.out.printf("audio mixer: seed %d%n", seed);
    MemorySegment.copy(PACKET, 0, memory, ValueLayout.JAVA_BYTE, 0, PACKET.length);
    random = new SplittableRandom(seed);
    mixer = new AudioMixer<>(slots);
    mixerPhaseNanos = random.nextInt((int) AudioMixer.INTERVAL_NANOS);
    for (int i = 0; i < speakers; i++) {
      voices.add(new Voice("voice" + i));
    }
  }

  private void run(long nanos) {
    for (long end = nowNanos + nanos; nowNanos < end; nowNanos += MILLIS) {
      for (Voice voice : voices) {
        if (Math.floorMod(nowNanos - voice.phaseNanos, 20 * MILLIS) < MILLIS) {
          voice.send();
        }
      }
      if (Math.floorMod(nowNanos - mixerPhaseNanos, AudioMixer.INTERVAL_NANOS) < MILLIS) {
        List<Voice> before = slots();
        mixer.update(nowNanos, voices);
        List<Voice> after = slots();
        for (int i = 0; i < before.size(); i++) {
          changes += before.get(i) == after.get(i) ? 0 : 1;
        }
      }
    }
  }

  private List<Voice> slots() {
    List<Voice> slots = new ArrayList<>();
    for (int i = 0; i < mixer.slots(); i++) {
      slots.add(mixer.at(i));
    }
    return slots;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void aClearlyLouderVoiceHasItsSlotWithin300Millis(long seed) {
    begin(seed, 3, 20);
    for (int round = 0; round < 100; round++) {
      voices.forEach(voice -> voice.decibels = -80 + random.nextInt(20));
      List<Voice> loud = new ArrayList<>();
      while (loud.size() < 3) {
        Voice voice = voices.get(random.nextInt(voices.size()));
        if (!loud.contains(voice)) {
          voice.decibels = -30 + random.nextInt(10);
          loud.add(voice);
        }
      }
      run(FOLLOW_NANOS);
      assertThat(slots()).as("seed %d, round %d", seed, round).containsExactlyInAnyOrderElementsOf(loud);
      run(random.nextInt((int) (500 * MILLIS)));
      assertThat(slots()).containsExactlyInAnyOrderElementsOf(loud);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void aVoiceThatLeadsBySevenDecibelsOvertakesSomebodyWhoGoesOn(long seed) {
    begin(seed, 1, 2);
    for (int round = 0; round < 50; round++) {
      Voice first = voices.get(round & 1);
      Voice second = voices.get(1 - (round & 1));
      second.decibels = -80;
      first.decibels = -33;
      run(1_000 * MILLIS);
      assertThat(slots()).containsExactly(first);
      second.decibels = -26;
      run(FOLLOW_NANOS);
      assertThat(slots()).as("seed %d, round %d", seed, round).containsExactly(second);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void equalsDoNotTakeTurns(long seed) {
    begin(seed, 2, 6);
    voices.forEach(voice -> {
      voice.decibels = -28;
      voice.spread = 6;
    });
    run(1_000 * MILLIS);
    assertThat(changes).as("each slot was filled once").isEqualTo(2);
    run(60_000 * MILLIS);
    assertThat(changes).as("seed %d: changes in a minute of even talk", seed).isEqualTo(2);
  }

  /** Everybody talks at once, in syllables of their own: 100..300 ms of voice, 40..120 ms of none. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void gapsBetweenSyllablesCostNobodyItsSlot(long seed) {
    begin(seed, 1, 4);
    long[] until = new long[voices.size()];
    for (int step = 0; step < 6_000; step++) {
      for (int i = 0; i < until.length; i++) {
        Voice voice = voices.get(i);
        if (nowNanos >= until[i]) {
          boolean wasLoud = voice.decibels > -40;
          voice.decibels = wasLoud ? -55 : -25;
          until[i] = nowNanos + (wasLoud ? random.nextInt(40, 120) : random.nextInt(100, 300)) * MILLIS;
        }
      }
      run(10 * MILLIS);
    }
    assertThat(changes).as("seed %d: changes in a minute", seed).isLessThanOrEqualTo(6);
  }

  @Test
  void aSilentVoiceKeepsItsSlotUntilSomebodyNeedsIt() {
    begin(1, 1, 2);
    voices.getFirst().decibels = -30;
    run(500 * MILLIS);
    voices.getFirst().decibels = -90;
    run(60_000 * MILLIS);
    assertThat(slots()).containsExactly(voices.getFirst());
    voices.getLast().decibels = -39;
    run(FOLLOW_NANOS);
    assertThat(slots()).containsExactly(voices.getLast());
  }

  @Test
  void whoIsGoneLosesItsSlotAtOnce() {
    begin(1, 2, 3);
    voices.get(0).decibels = -30;
    voices.get(1).decibels = -32;
    run(500 * MILLIS);
    Voice gone = voices.removeFirst();
    run(AudioMixer.INTERVAL_NANOS);
    assertThat(slots()).doesNotContain(gone).contains(voices.getFirst());
    voices.getLast().decibels = -50;
    run(1_000 * MILLIS);
    assertThat(slots()).as("a slot nobody speaks for stays empty").contains((Voice) null);
  }

  @Test
  void aKeyStrokeTakesNobodysSlot() {
    begin(1, 1, 2);
    voices.getFirst().decibels = -35;
    run(500 * MILLIS);
    for (int i = 0; i < 20; i++) {
      voices.getLast().decibels = -5;
      run(20 * MILLIS);
      voices.getLast().decibels = -80;
      run(480 * MILLIS);
    }
    assertThat(slots()).containsExactly(voices.getFirst());
  }

  @Test
  void aMixerWithoutSlotsChoosesNobody() {
    begin(1, 0, 3);
    voices.getFirst().decibels = -10;
    run(500 * MILLIS);
    assertThat(changes).isZero();
  }

  @Test
  void thereMayBeMoreSlotsThanVoices() {
    begin(1, 50, 4);
    voices.forEach(voice -> voice.decibels = -30);
    run(500 * MILLIS);
    assertThat(slots().stream().filter(Objects::nonNull)).containsExactlyInAnyOrderElementsOf(voices);
    assertThat(changes).isEqualTo(4);
  }
}
