package dev.tapedeck.bench.peers;

import dev.tapedeck.bench.client.srtp.SrtpProtection;
import dev.tapedeck.bench.peers.tapedeck.TapedeckSystem;
import dev.tapedeck.bench.process.ServerProcess;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** This project's own adapter, by the same calls as the others'. */
class TapedeckSystemTest {
  @Test
  void forwardsFromAPublisherToSubscribers(@TempDir Path folder) throws Exception {
    ServerProcess.Arguments arguments = new ServerProcess.Arguments(folder, null, List.of());
    try (TapedeckSystem tapedeck = TapedeckSystem.start(arguments, List.of("-XX:TieredStopAtLevel=1"))) {
      PeerRehearsal.videoReachesSubscribers(tapedeck, SrtpProtection.AEAD_AES_128_GCM);
      PeerRehearsal.voicesReachListeners(tapedeck, SrtpProtection.AES128_CM_HMAC_SHA1_80);
    }
  }
}
