// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.kube.codec.Codec;
import io.nodeqos.kube.codec.CsiNodeCodec;
import io.nodeqos.kube.codec.DaemonSetCodec;
import io.nodeqos.kube.codec.ExtendedRequestCodec;
import io.nodeqos.kube.codec.NamespaceCodec;
import io.nodeqos.kube.codec.NodeCodec;
import io.nodeqos.kube.codec.PodCodec;
import io.nodeqos.kube.codec.SpinnerDaemonSetCodec;
import io.nodeqos.kube.codec.SpinnerPodCodec;
import io.nodeqos.kube.codec.StatusDraft;
import io.nodeqos.kube.codec.VersionCodec;
import io.nodeqos.kube.wire.ProtobufMessage.Field;
import io.nodeqos.kube.wire.ProtobufMessage.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds what the codecs read and what the table knows together: a field that is missing in the
 * table, or is of another kind there, would read as empty, and from a real server only.
 */
class KubernetesMessagesTest {
  private static final Path SOURCES = Path.of("src/main/java/io/nodeqos");

  /** What Pods do not have in the API: their conditions are read by what reads those of Nodes. */
  private static final Set<String> NOT_IN_THE_API =
      Set.of("status.conditions.lastHeartbeatTime is not in the table");

  static Stream<Arguments> codecs() {
    Interning interning = new Interning();
    return Stream.of(
        Arguments.of(
            new NodeCodec(interning, Set.of()), Set.of("spec.taints", "status.images.names")),
        Arguments.of(new NamespaceCodec(), Set.of("metadata.labels")),
        Arguments.of(new CsiNodeCodec(interning), Set.of("spec.drivers.name")),
        Arguments.of(new PodCodec(interning), Set.of("spec.nodeName", "status.conditions.type")),
        Arguments.of(
            new ExtendedRequestCodec(interning),
            Set.of("spec.nodeName", "spec.initContainers.restartPolicy")),
        Arguments.of(
            new DaemonSetCodec(interning),
            Set.of("spec.template.spec.tolerations.operator", "spec.template.metadata.labels")),
        Arguments.of(new SpinnerDaemonSetCodec(), Set.of("metadata.name")),
        Arguments.of(
            new SpinnerPodCodec(interning),
            Set.of("status.containerStatuses.state.waiting.reason")));
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void everyFieldReadByACodecIsInTheTableWithItsKind(Codec<?> codec, Set<String> someOfThem)
      throws IOException {
    Probe probe = new Probe(candidates(), codec.protobuf().orElseThrow());

    codec.decode(probe);

    if (codec.protobuf().orElseThrow() == KubernetesMessages.POD) {
      probe.problems.removeAll(NOT_IN_THE_API);
    }
    assertEquals(List.of(), probe.problems);
    assertTrue(probe.read.containsAll(someOfThem), probe.read.toString());
  }

  @Test
  void everyFieldOfStatusesAndBookmarksIsInTheTable() throws IOException {
    Probe status = new Probe(candidates(), KubernetesMessages.STATUS);
    new StatusDraft().read(status);
    assertEquals(List.of(), status.problems);
    assertEquals(Set.of("message", "reason", "code", "details.retryAfterSeconds"), status.read);

    Probe bookmark = new Probe(candidates(), KubernetesMessages.NODE);
    VersionCodec.read(bookmark);
    assertEquals(List.of(), bookmark.problems);
    assertEquals(Set.of("metadata.resourceVersion"), bookmark.read);
  }

  @Test
  void sightingReadsTheKeyAndWhatTheFingerprintLeavesOut() throws IOException {
    Probe probe = new Probe(candidates(), KubernetesMessages.NODE);

    new NodeCodec(new Interning(), Set.of()).sight(probe);

    assertEquals(List.of(), probe.problems);
    assertEquals(
        Set.of(
            "metadata.name",
            "metadata.resourceVersion",
            "status.conditions.type",
            "status.conditions.lastHeartbeatTime"),
        probe.read);
    assertEquals(
        Set.of("metadata.resourceVersion", "status.conditions.lastHeartbeatTime"),
        uncounted("", KubernetesMessages.NODE));
  }

  private static Set<String> uncounted(String path, ProtobufMessage message) {
    Set<String> found = new TreeSet<>();
    for (int number = 0; number < message.size(); number++) {
      Field field = message.field(number);
      if (field != null && !field.counted()) {
        found.add(path + field.name());
      } else if (field != null && field.message() != null) {
        found.addAll(uncounted(path + field.name() + ".", field.message()));
      }
    }
    return found;
  }

  /** A codec that is not tested above could read any field. */
  @Test
  void everyCodecWithATableIsTested() throws IOException {
    Set<String> withTable = new TreeSet<>();
    for (Path source : sources(SOURCES.resolve("kube/codec"))) {
      if (Files.readString(source).contains("KubernetesMessages.")) {
        withTable.add(source.getFileName().toString().replace(".java", ""));
      }
    }
    Set<String> tried = new TreeSet<>(Set.of("StatusDraft"));
    codecs().forEach(codec -> tried.add(codec.get()[0].getClass().getSimpleName()));
    assertEquals(withTable, tried);
  }

  /**
   * Each text in the sources that may be the name of a field. Those of all packages, as a codec may
   * take a name from anywhere.
   */
  private static Set<String> candidates() throws IOException {
    Set<String> names = new TreeSet<>();
    for (Path source : sources(SOURCES)) {
      Matcher literal =
          Pattern.compile("\"([a-z][A-Za-z0-9]*)\"").matcher(Files.readString(source));
      while (literal.find()) {
        names.add(literal.group(1));
      }
    }
    return names;
  }

  private static List<Path> sources(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(p -> p.toString().endsWith(".java")).toList();
    }
  }

  /** Has every requested field, and looks each that is not skipped up in the table. */
  private static final class Probe implements TolerantReader {
    private final Set<String> candidates;
    private final List<String> problems = new ArrayList<>();
    private final Set<String> read = new TreeSet<>();
    private String path = "";
    private Field field;

    Probe(Set<String> candidates, ProtobufMessage root) {
      this.candidates = candidates;
      this.field = root.asRoot();
    }

    /** False below what is not in the table: one problem for it is enough. */
    private boolean is(String asked, Kind... kinds) {
      if (field == null) {
        problems.add(path + " is not in the table");
        return false;
      }
      if (!List.of(kinds).contains(field.kind())) {
        problems.add(path + " is read as a " + asked + " but is a " + field.kind());
        return false;
      }
      if (!path.isEmpty() && field.kind() != Kind.MESSAGE) {
        read.add(path);
      }
      return true;
    }

    private static Field find(ProtobufMessage message, String name) {
      for (int number = 0; number < message.size(); number++) {
        Field candidate = message.field(number);
        if (candidate != null && candidate.kind() == Kind.INLINE) {
          Field inside = find(candidate.message(), name);
          if (inside != null) {
            return inside;
          }
        } else if (candidate != null && candidate.name().equals(name)) {
          return candidate;
        }
      }
      return null;
    }

    @Override
    public boolean object(FieldReader fields) throws IOException {
      if (!is("message or map", Kind.MESSAGE, Kind.MAP_OF_QUANTITIES, Kind.MAP_OF_STRINGS)) {
        return false;
      }
      Field parent = field;
      String parentPath = path;
      if (parent.kind() == Kind.MESSAGE) {
        for (String name : candidates) {
          path = parentPath.isEmpty() ? name : parentPath + "." + name;
          field = find(parent.message(), name);
          fields.read(name);
        }
      } else {
        field =
            parent.kind() == Kind.MAP_OF_QUANTITIES
                ? new Field(0, "", Kind.QUANTITY, null)
                : ProtobufMessage.string(0, "");
        fields.read("cpu");
      }
      path = parentPath;
      field = parent;
      return true;
    }

    @Override
    public void requiredObject(String description, FieldReader fields) throws IOException {
      object(fields);
    }

    @Override
    public void array(ElementReader elements) throws IOException {
      elements.read();
    }

    @Override
    public String string() {
      is("text", Kind.STRING, Kind.TIME);
      return "text";
    }

    @Override
    public String quantity() {
      is("quantity", Kind.QUANTITY);
      return "1";
    }

    @Override
    public Instant instant() {
      is("time", Kind.TIME);
      return Instant.EPOCH;
    }

    @Override
    public long wholeNumber() {
      is("number", Kind.NUMBER);
      return 1;
    }

    @Override
    public boolean flag() {
      is("flag", Kind.NUMBER);
      return true;
    }

    @Override
    public void strings(Predicate<String> wanted, Map<String, String> into) {
      is("map", Kind.MAP_OF_STRINGS);
    }

    @Override
    public JsonElement tree() {
      if (is("tree", Kind.MESSAGE)) {
        read.add(path);
      }
      JsonObject tree = new JsonObject();
      tree.addProperty("key", "example.com/key");
      tree.addProperty("effect", "NoSchedule");
      return tree;
    }

    @Override
    public void skip() {}
  }
}
