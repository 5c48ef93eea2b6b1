package dev.tapedeck.composer.io.job;

import dev.tapedeck.composer.core.job.Summary;
import dev.tapedeck.protocol.wire.ComposeEvent;
import dev.tapedeck.protocol.wire.ComposeEvent.RecordJobCompleted;
import dev.tapedeck.protocol.wire.ComposeEvent.RecordJobFailed;
import dev.tapedeck.protocol.wire.ComposeEvent.RecordJobStarted;
import dev.tapedeck.protocol.wire.HookEvent;
import dev.tapedeck.protocol.wire.Kind;

/** The events of a job as HookEvent of hook.proto. Node is 0: a composer is no node of the room layer. */
final class ComposeEvents {
  private ComposeEvents() {}

  static byte[] started(String app, String jobId, long nowMillis) {
    return hook(nowMillis, event(app, jobId).setStarted(RecordJobStarted.getDefaultInstance()));
  }

  static byte[] failed(String app, String jobId, String error, long nowMillis) {
    return hook(nowMillis, event(app, jobId).setFailed(RecordJobFailed.newBuilder().setError(error)));
  }

  static byte[] completed(String app, String jobId, Conversion conversion, long nowMillis) {
    RecordJobCompleted.Builder completed = RecordJobCompleted.newBuilder()
        .setVerdict(conversion.summary().verdict())
        .setPartialReason(String.join("; ", conversion.summary().partial()));
    conversion.summaryUri().ifPresent(uri -> completed.setTransmux(transmux(uri, conversion.summary())));
    conversion.composeUri().ifPresent(uri -> completed.setCompose(RecordJobCompleted.ComposeSummary.newBuilder()
        .setMediaUri(uri).setDurationMs(conversion.composeDurationMs())));
    return hook(nowMillis, event(app, jobId).setCompleted(completed));
  }

  private static RecordJobCompleted.TransmuxSummary transmux(String uri, Summary summary) {
    RecordJobCompleted.TransmuxSummary.Builder transmux =
        RecordJobCompleted.TransmuxSummary.newBuilder().setMetadataJson(uri);
    summary.peers().forEach((peer, sessions) -> {
      RecordJobCompleted.PeerSummary.Builder ofPeer = RecordJobCompleted.PeerSummary.newBuilder();
      sessions.sessions().forEach((session, tracks) -> {
        RecordJobCompleted.SessionSummary.Builder ofSession = RecordJobCompleted.SessionSummary.newBuilder();
        tracks.track().forEach((name, track) -> ofSession.putTrack(name, track(track)));
        ofPeer.putSessions(Long.parseLong(session), ofSession.build());
      });
      transmux.putPeers(peer, ofPeer.build());
    });
    return transmux.build();
  }

  private static RecordJobCompleted.TrackSummary track(Summary.Track track) {
    RecordJobCompleted.TrackSummary.Builder summary = RecordJobCompleted.TrackSummary.newBuilder()
        .setKind(track.kind().equals("Audio") ? Kind.AUDIO : Kind.VIDEO);
    for (Summary.Entry entry : track.timeline()) {
      summary.addTimeline(RecordJobCompleted.TrackTimeline.newBuilder()
          .setPath(entry.path()).setStart(entry.start()).setEnd(entry.end()));
    }
    return summary.build();
  }

  private static ComposeEvent.Builder event(String app, String jobId) {
    return ComposeEvent.newBuilder().setApp(app).setJobId(jobId);
  }

  private static byte[] hook(long nowMillis, ComposeEvent.Builder event) {
    return HookEvent.newBuilder().setTs(nowMillis).setCompose(event).build().toByteArray();
  }
}
