package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.MILLIS;
import static dev.tapedeck.media.sim.SimNetwork.SECONDS;

import java.util.ArrayList;
import java.util.List;

/** What a member sends: Opus-like audio every 20 ms, and VP8 of 30 pictures a second that repairs what is asked for. */
final class SimSender {
  private static final long AUDIO_INTERVAL_NANOS = 20 * MILLIS;
  private static final long FRAME_INTERVAL_NANOS = SECONDS / 30;
  private static final int WIDTH = 640;

  final SimStream audio;
  final SimStream video;

  /** Packets of video in the order they were sent. */
  final List<SimFrame> sentVideo = new ArrayList<>();

  private final SimMember member;
  private int transportSequence;
  private int pictureId;
  private int audioPackets;
  private int keyFrames;
  private boolean isKeyFrameDue = true;

  SimSender(SimMember member, String audioMid, String videoMid) {
    this.member = member;
    audio = new SimStream(member.network.random, SimFormats.CHROMIUM, false, audioMid, "");
    video = new SimStream(member.network.random, SimFormats.CHROMIUM, true, videoMid, "");
  }

  /** Packets of audio sent so far. */
  int audioPackets() {
    return audioPackets;
  }

  int keyFrames() {
    return keyFrames;
  }

  void start() {
    member.every(AUDIO_INTERVAL_NANOS, this::sendAudio);
    member.every(FRAME_INTERVAL_NANOS, this::sendFrame);
  }

  private void sendAudio() {
    long now = member.network.nowNanos();
    SimFrame frame = new SimFrame(member.spec.id(), 0, audioPackets++, 0, 1, now);
    send(audio, now, false, frame.opus());
  }

  private void sendFrame() {
    boolean isKeyFrame = isKeyFrameDue;
    isKeyFrameDue = false;
    keyFrames += isKeyFrame ? 1 : 0;
    int packets = isKeyFrame ? 4 : 1;
    long now = member.network.nowNanos();
    for (int i = 0; i < packets; i++) {
      SimFrame frame = new SimFrame(member.spec.id(), 0, pictureId, i, packets, now);
      send(video, now, frame.isLast(), frame.vp8(isKeyFrame, pictureId & 0x7FFF, pictureId & 0xFF, WIDTH, 360, 900));
      sentVideo.add(frame);
    }
    pictureId++;
  }

  private void send(SimStream stream, long now, boolean marker, byte[] payload) {
    member.sendRtp(stream.packet(now, marker, payload, transportSequence++), arrivalNanos -> {});
  }

  void repair(int ssrc, int sequenceNumber) {
    if (ssrc == video.ssrc) {
      member.sendRtp(video.retransmission(sequenceNumber, transportSequence++), arrivalNanos -> {});
    }
  }

  void keyFrameRequested(int ssrc) {
    isKeyFrameDue |= ssrc == video.ssrc;
  }
}
