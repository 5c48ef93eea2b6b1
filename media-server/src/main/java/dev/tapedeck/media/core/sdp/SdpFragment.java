package dev.tapedeck.media.core.sdp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Body of type {@code application/trickle-ice-sdpfrag} (RFC 8840 §9), with which a WHIP client tells candidates and
 * asks for an ICE restart, and we answer the restart (RFC 9725 §4.3).
 *
 * @param ufrag credentials of the generation meant; a fragment with others than those in force restarts ICE
 * @param pwd   password beside it
 * @param media m-lines named, each with its candidates; one with an empty mid when candidates stand before any m-line
 */
public record SdpFragment(
    boolean iceLite,
    List<String> iceOptions,
    List<String> bundle,
    Optional<String> ufrag,
    Optional<String> pwd,
    List<Media> media) {
  public SdpFragment {
    iceOptions = List.copyOf(iceOptions);
    bundle = List.copyOf(bundle);
    media = List.copyOf(media);
  }

  /**
   * Candidates of one m-line.
   *
   * @param line value of the {@code m=} line, such as {@code audio 9 RTP/AVP 0}; only its place has meaning
   */
  public record Media(String line, String mid, List<IceCandidate> candidates, boolean endOfCandidates) {
    public Media {
      candidates = List.copyOf(candidates);
    }
  }

  /** Our answer to a restart: new credentials, and all candidates at once in the first m-line of the bundle. */
  public static SdpFragment restarted(Negotiated negotiated, String ufrag, String pwd, List<IceCandidate> candidates) {
    MediaDescription first = negotiated.answer().media().stream()
        .filter(line -> line.port() > 0)
        .findFirst()
        .orElseThrow();
    Media media = new Media(first.kind() + " 9 " + first.protocol() + " 0", first.mid().orElse(""), candidates, true);
    return new SdpFragment(true, List.of("trickle"), negotiated.answer().bundle(), Optional.of(ufrag), Optional.of(pwd),
        List.of(media));
  }

  /** @throws SdpException naming line, text and problem; limits as for {@link SdpParser} */
  public static SdpFragment parse(String text) {
    Reader reader = new Reader();
    for (SdpLine line : SdpLines.split(text)) {
      try {
        reader.read(line);
      } catch (SdpException problem) {
        throw line.explain(problem);
      }
    }
    return reader.build();
  }

  /** The text with CRLF line ends. */
  public String write() {
    StringBuilder out = new StringBuilder();
    if (iceLite) {
      out.append("a=ice-lite\r\n");
    }
    if (!iceOptions.isEmpty()) {
      out.append("a=ice-options:").append(String.join(" ", iceOptions)).append("\r\n");
    }
    if (!bundle.isEmpty()) {
      out.append("a=group:BUNDLE ").append(String.join(" ", bundle)).append("\r\n");
    }
    ufrag.ifPresent(value -> out.append("a=ice-ufrag:").append(value).append("\r\n"));
    pwd.ifPresent(value -> out.append("a=ice-pwd:").append(value).append("\r\n"));
    for (Media part : media) {
      if (!part.line().isEmpty()) {
        out.append("m=").append(part.line()).append("\r\n");
      }
      if (!part.mid().isEmpty()) {
        out.append("a=mid:").append(part.mid()).append("\r\n");
      }
      part.candidates().forEach(candidate -> out.append("a=candidate:").append(candidate).append("\r\n"));
      if (part.endOfCandidates()) {
        out.append("a=end-of-candidates\r\n");
      }
    }
    return out.toString();
  }

  /** What has been read so far. Credentials count wherever they stand; clients write them at either level. */
  private static final class Reader {
    private boolean iceLite;
    private List<String> iceOptions = List.of();
    private List<String> bundle = List.of();
    private Optional<String> ufrag = Optional.empty();
    private Optional<String> pwd = Optional.empty();
    private final List<Media> media = new ArrayList<>();

    private String line = "";
    private String mid = "";
    private final List<IceCandidate> candidates = new ArrayList<>();
    private boolean endOfCandidates;

    void read(SdpLine source) {
      if (source.type() == 'm') {
        Fields.words("m= is: media port protocol format ...", source.value(), 4);
        closeMedia();
        line = source.value();
      } else if (source.isAttribute()) {
        read(source.attribute());
      }
    }

    private void read(Attribute attribute) {
      String value = attribute.value();
      switch (attribute.name()) {
        case "ice-lite" -> iceLite = true;
        case "ice-options" -> iceOptions = List.of(Fields.words("ice-options needs an option", value, 1));
        case "group" -> readGroup(value);
        case "ice-ufrag" -> ufrag = same("ice-ufrag", ufrag, Fields.iceChars("ice-ufrag", value, 4));
        case "ice-pwd" -> pwd = same("ice-pwd", pwd, Fields.iceChars("ice-pwd", value, 22));
        case "mid" -> mid = Fields.token("mid", value);
        case "candidate" -> candidates.add(IceCandidate.parse(value));
        case "end-of-candidates" -> endOfCandidates = true;
        default -> { } // nothing else has a meaning here
      }
    }

    private void readGroup(String value) {
      String[] words = value.split("[ \t]+");
      if (words[0].equals("BUNDLE")) {
        bundle = List.of(words).subList(1, words.length);
      }
    }

    private static Optional<String> same(String what, Optional<String> known, String value) {
      if (known.isPresent() && !known.get().equals(value)) {
        throw new SdpException(what + " differs from the one before; all m-lines share one transport");
      }
      return Optional.of(value);
    }

    private void closeMedia() {
      if (media.size() == SdpParser.MAX_MEDIA) {
        throw new SdpException("more than " + SdpParser.MAX_MEDIA + " m-lines");
      }
      if (!line.isEmpty() || !mid.isEmpty() || !candidates.isEmpty() || endOfCandidates) {
        media.add(new Media(line, mid, candidates, endOfCandidates));
      }
      line = "";
      mid = "";
      candidates.clear();
      endOfCandidates = false;
    }

    SdpFragment build() {
      closeMedia();
      if (ufrag.isPresent() != pwd.isPresent()) {
        throw new SdpException("ice-ufrag and ice-pwd come together");
      }
      return new SdpFragment(iceLite, iceOptions, bundle, ufrag, pwd, media);
    }
  }
}
