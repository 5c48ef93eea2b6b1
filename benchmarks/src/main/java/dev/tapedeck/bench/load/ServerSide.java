package dev.tapedeck.bench.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tapedeck.bench.process.ServerFacts;
import dev.tapedeck.bench.process.ServerOptions;
import dev.tapedeck.bench.process.ServerProcess;
import java.io.IOException;
import java.time.Duration;

/**
 * What was measured: the parts of the server that were on, all of them as shipped unless the command line says otherwise.
 *
 * @param profile SRTP profile the clients offered
 * @param startUp from the start of the process until it was healthy
 */
public record ServerSide(ServerFacts facts, String profile, Duration startUp) {
  public static ServerSide of(ServerProcess server, ServerOptions options) throws IOException {
    return new ServerSide(server.facts(), options.profile(), server.startUp());
  }

  /** Under names that are the same in every command. */
  public void putInto(ObjectNode json) {
    json.put("crypto", facts.crypto());
    json.put("send", facts.send());
    json.put("srtp_profile", profile);
    json.put("start_up_ms", startUp.toMillis());
    ObjectNode features = json.putObject("features");
    facts.features().forEach(features::put);
    features.put("clients", "transport-cc feedback, receiver reports, no nack");
  }

  public String toText() {
    return "crypto " + facts.crypto() + ", send " + facts.send() + ", SRTP profile " + profile;
  }
}
