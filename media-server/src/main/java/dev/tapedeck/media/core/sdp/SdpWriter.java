package dev.tapedeck.media.core.sdp;

/** Writes descriptions; reading the text again gives an equal description. */
public final class SdpWriter {
  private final StringBuilder out = new StringBuilder();

  private SdpWriter() {}

  /** The text with CRLF line ends. */
  public static String write(SessionDescription description) {
    SdpWriter writer = new SdpWriter();
    writer.session(description);
    description.media().forEach(writer::media);
    return writer.out.toString();
  }

  private void session(SessionDescription description) {
    line('v', "0");
    line('o', description.origin());
    line('s', description.name());
    line('t', "0 0");
    if (!description.bundle().isEmpty()) {
      attribute("group:BUNDLE " + String.join(" ", description.bundle()));
    }
    flag("ice-lite", description.iceLite());
    description.others().forEach(this::attribute);
  }

  private void media(MediaDescription media) {
    line('m', media.kind() + " " + media.port() + " " + media.protocol() + " " + String.join(" ", media.formats()));
    line('c', media.connection());
    media.mid().ifPresent(mid -> attribute("mid:" + mid));
    flag("bundle-only", media.bundleOnly());
    attribute(media.direction());
    media.msid().ifPresent(msid -> attribute("msid:" + msid));
    transport(media.transport());
    media.candidates().forEach(candidate -> attribute("candidate:" + candidate));
    flag("end-of-candidates", media.endOfCandidates());
    flag("rtcp-mux", media.rtcpMux());
    flag("rtcp-rsize", media.rtcpRsize());
    flag("extmap-allow-mixed", media.extMapAllowMixed());
    media.extMaps().forEach(extMap -> attribute("extmap:" + extMap));
    media.codecs().forEach(this::codec);
    media.rids().forEach(rid -> attribute("rid:" + rid));
    media.simulcast().ifPresent(simulcast -> attribute("simulcast:" + simulcast));
    media.ssrcGroups().forEach(group -> attribute("ssrc-group:" + group));
    media.ssrcs().forEach(this::ssrc);
    media.others().forEach(this::attribute);
  }

  private void transport(TransportDescription transport) {
    transport.iceUfrag().ifPresent(ufrag -> attribute("ice-ufrag:" + ufrag));
    transport.icePwd().ifPresent(pwd -> attribute("ice-pwd:" + pwd));
    if (!transport.iceOptions().isEmpty()) {
      attribute("ice-options:" + String.join(" ", transport.iceOptions()));
    }
    transport.fingerprints().forEach(fingerprint -> attribute("fingerprint:" + fingerprint));
    transport.setup().ifPresent(setup -> attribute("setup:" + setup));
  }

  private void codec(PayloadFormat codec) {
    String channels = codec.channels() > 1 ? "/" + codec.channels() : "";
    attribute("rtpmap:" + codec.payloadType() + " " + codec.name() + "/" + codec.clockRate() + channels);
    codec.feedback().forEach(feedback -> attribute("rtcp-fb:" + codec.payloadType() + " " + feedback));
    if (!codec.fmtp().isEmpty()) {
      attribute("fmtp:" + codec.payloadType() + " " + codec.fmtp());
    }
    codec.rtxPayloadType().ifPresent(rtx -> {
      attribute("rtpmap:" + rtx + " rtx/" + codec.clockRate());
      attribute("fmtp:" + rtx + " apt=" + codec.payloadType());
    });
  }

  private void ssrc(SsrcDescription source) {
    if (source.attributes().isEmpty()) {
      attribute("ssrc:" + source.ssrc());
    }
    source.attributes().forEach(attribute -> attribute("ssrc:" + source.ssrc() + " " + attribute));
  }

  private void flag(String name, boolean isSet) {
    if (isSet) {
      attribute(name);
    }
  }

  private void attribute(Object value) {
    line('a', value);
  }

  private void line(char type, Object value) {
    out.append(type).append('=').append(value).append("\r\n");
  }
}
