// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.election.ElectionSettings;
import io.nodeqos.history.HistorySettings;
import io.nodeqos.http.HttpSettings;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.kube.events.EventsSettings;
import io.nodeqos.qos.PluginSettings;
import io.nodeqos.queue.QueueSettings;
import io.nodeqos.reconcile.ReconcileSettings;
import io.nodeqos.reconcile.images.SpinnerSettings;
import io.nodeqos.telemetry.TelemetrySettings;
import io.nodeqos.telemetry.logging.LogSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControllerSettingsTest {
  @TempDir Path directory;

  private final Map<String, String> flags = new HashMap<>();
  private final Map<String, String> environment = new HashMap<>();

  @Test
  void withoutAnySourceEverySettingHasItsDefault() throws Exception {
    assertEquals(
        new ControllerSettings(
            HttpSettings.DEFAULTS,
            TelemetrySettings.DEFAULTS,
            QueueSettings.DEFAULTS,
            ReconcileSettings.DEFAULTS,
            ElectionSettings.defaults(),
            KubeSettings.defaults(),
            EventsSettings.DEFAULTS,
            PluginSettings.DEFAULTS,
            SpinnerSettings.DEFAULTS,
            HistorySettings.DEFAULTS),
        new SettingsLoader(Map.of(), Map.of("PATH", "/bin"), Optional.empty()).load().settings());
  }

  @Test
  void annotationOutsideThePrefixIsWatched() throws Exception {
    flags.put("tracing.traceparentKey", "tracing.k8s.io/traceparent");
    assertEquals(Set.of("tracing.k8s.io/traceparent"), load("").kube().extraAnnotations());
    flags.put("tracing.traceparentKey", "example.com/traceparent");
    assertEquals(1, problems("").size(), "another owner may use it");
  }

  @Test
  void documentedDefaultsReadBackAsTheDefaults() throws Exception {
    Map<String, String> written =
        ControllerSettings.catalogue().stream()
            .collect(Collectors.toMap(SettingInfo::key, SettingInfo::defaultValue));
    assertEquals(
        new SettingsLoader(Map.of(), Map.of(), Optional.empty()).load().settings(),
        new SettingsLoader(written, Map.of(), Optional.empty()).load().settings());
  }

  @Test
  void flagsWinOverEnvironmentOverFileOverDefault() throws Exception {
    flags.put("http.port", "1");
    environment.put("NODEQOS_HTTP_PORT", "2");
    environment.put("nodeqos_http_adminPort", "3");
    ControllerSettings settings =
        load("http:\n  port: 4\n  adminPort: 5\n  address: 0.0.0.0\nworkers: 8\n");
    assertEquals(new HttpSettings("0.0.0.0", 1, 3), settings.http());
    assertEquals(8, settings.queue().workers());
  }

  @Test
  void everyKindOfValueIsRead() throws Exception {
    ControllerSettings settings =
        load(
            """
            # a comment
            reservedNamespaces: [kube-system, storage]
            resyncPeriod: 1m30s
            retry.base: 250ms
            conflictRetry: {attempts: 3, initialDelay: 2s, factor: 1.5, jitter: 0}
            damping:
              reservationLower: 1h
              reservationRaise: 0s
            metrics: {perNode: Never}
            log: {format: json, level: debug}
            kubernetes: {writesPerSecond: 50, writeBurst: 010}
            events: {enabled: false, rate: 5}
            """);
    assertEquals(Set.of("kube-system", "storage"), settings.kube().reservedNamespaces());
    assertEquals(Duration.ofSeconds(90), settings.reconcile().resyncPeriod());
    assertEquals(Duration.ofMillis(250), settings.queue().retry().base());
    assertEquals(3, settings.queue().conflictRetry().attempts());
    assertEquals(1.5, settings.queue().conflictRetry().factor());
    assertEquals(Duration.ZERO, settings.reconcile().damping().raiseReservation());
    assertEquals(LogSettings.Level.DEBUG, settings.telemetry().log().level());
    assertEquals(10, settings.kube().writeRate().burst(), "no YAML octal");
    assertEquals(new EventsSettings(false, 5, 100), settings.events());
  }

  @Test
  void listInAVariableHasCommas() throws Exception {
    environment.put("NODEQOS_RESERVEDNAMESPACES", "kube-system, storage");
    assertEquals(Set.of("kube-system", "storage"), load("").kube().reservedNamespaces());
    environment.put("NODEQOS_RESERVEDNAMESPACES", "");
    assertEquals(Set.of(), load("").kube().reservedNamespaces(), "none but the labelled");
  }

  @Test
  void startupTaintsAreKeysPrefixesAndNames() throws Exception {
    assertEquals(List.of(), load("").reconcile().startupTaints());
    assertEquals(
        List.of("example.com/agent", "acme.io/", "*/booting", "plain"),
        load("startupTaints: [example.com/agent, acme.io/, '*/booting', plain]\n")
            .reconcile()
            .startupTaints());
    assertEquals(List.of(), load("startupTaints: none\n").reconcile().startupTaints());
    assertEquals(
        List.of("example.com/", "acme.io/"),
        load("startupTaintPrefixes: [example.com/, acme.io/]\n")
            .reconcile()
            .startupTaintPrefixes()
            .more());
    for (String wrong : List.of("example.com", "node.kubernetes.io/", "k8s.io/", "a/b/")) {
      assertThrows(
          SettingsException.class, () -> load("startupTaintPrefixes: " + wrong + "\n"), wrong);
    }
    for (String wrong : List.of("*", "*/", "/agent", "example.com//x", "a b", "-x", "Acme.io/x")) {
      assertEquals(
          List.of(
              file()
                  + ":1: startupTaints is \""
                  + wrong
                  + "\", but must be a list of taint keys, prefixes (example.com/) or names"
                  + " (*/needs-init), or none"),
          problems("startupTaints: '" + wrong + "'\n"));
    }
  }

  @Test
  void allMistakesOfAllSourcesAreReportedWithKeyValueAndRange() throws IOException {
    flags.put("workers", "many");
    environment.put("NODEQOS_HTTP_PORT", "99999");
    environment.put("NODEQOS_HTTP_PROT", "80");
    List<String> problems =
        problems(
            """
            resyncPeriod: 15
            log:
              level: loud
              fromat: json
            retry: {base: 2m}
            reservedNamespaces: [Kube_System]
            """);
    String file = file().toString();
    assertEquals(
        List.of(
            "unknown setting NODEQOS_HTTP_PROT; did you mean NODEQOS_HTTP_PORT?",
            file + ":4: unknown key log.fromat; did you mean log.format?",
            "NODEQOS_HTTP_PORT: http.port is \"99999\", but must be a whole number from 0 to 65535",
            file + ":3: log.level is \"loud\", but must be one of error, warn, info, debug, trace",
            "command line: workers is \"many\", but must be a whole number from 1 to 250",
            "retry: max must not be shorter than base"
                + " (retry.base is 2m, retry.max is 1m, retry.jitter is 0.2)",
            file
                + ":1: resyncPeriod is \"15\", but must be"
                + " a duration such as 15s, 1m30s or 250ms, from 10s to 24h",
            file
                + ":6: reservedNamespaces is \"Kube_System\", but must be"
                + " a list of namespace names (DNS labels)"),
        problems);
  }

  @Test
  void mistakenValueIsReportedOnce() throws IOException {
    assertEquals(1, problems("retry: {base: 2m, max: soon}").size(), "only the real mistake");
  }

  @Test
  void unsafeElectionIsRefusedUnlessDisabled() throws Exception {
    List<String> problems = problems("leaderElection: {leaseDuration: 12s}");
    assertEquals(1, problems.size(), problems.toString());
    assertTrue(problems.get(0).contains("is more than leaseDuration 12s"), problems.toString());
    assertFalse(load("leaderElection: {enabled: False, leaseDuration: 12s}").election().enabled());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prot: 1 | unknown key prot",
        "port: 1 | unknown key port; did you mean http.port?",
        "HTTP.Port: 1 | unknown key HTTP.Port; did you mean http.port?",
        "http: 5 | unknown key http; it is a section with http.address, http.port, http.adminPort",
        "workers: {a: 1} | unknown key workers.a; did you mean workers?",
        "workers: | workers has no value",
        "workers: [[1]] | the value of workers is nested too deeply",
        "workers: [1, 2] | workers is \"1,2\", but must be a whole number from 1 to 250",
        "? [a] : 1 | a key must be plain text",
        "nonsense: | unknown key nonsense",
      })
  void wrongLineIsReportedInOneSentence(String yaml, String sentence) throws IOException {
    assertEquals(List.of(file() + ":1: " + sentence), problems(yaml));
  }

  @Test
  void duplicateKeyIsAMistakeInAnySection() throws IOException {
    assertEquals(
        List.of(file() + ":3: http.port is given twice, first at " + file() + ":1"),
        problems("http.port: 1\nhttp:\n  port: 2\n"));
    environment.put("NODEQOS_WORKERS", "1");
    environment.put("nodeqos_workers", "2");
    assertEquals(
        List.of("nodeqos_workers and NODEQOS_WORKERS are the same setting: unset one"),
        problems(""));
  }

  @Test
  void unreadableFileIsReportedInOneSentence() throws IOException {
    assertTrue(problems("a: [1\n").get(0).startsWith(file() + ":2: is not YAML: "));
    assertTrue(problems("a: 1\n---\nb: 1\n").get(0).contains(": is not YAML: "));
    assertTrue(problems("just words").get(0).startsWith(file() + ": must be a mapping"));
    assertTrue(problems("a: &x {b: *x}\n").get(0).contains(": "), "no endless recursion");
    Path missing = directory.resolve("missing.yaml");
    SettingsException e =
        assertThrows(
            SettingsException.class,
            () -> new SettingsLoader(Map.of(), Map.of(), Optional.of(missing)).load().settings());
    assertEquals(List.of(missing + ": the file does not exist"), e.problems());
  }

  @Test
  void emptyFileAndEmptySectionsAreValid() throws Exception {
    ControllerSettings defaults =
        new SettingsLoader(Map.of(), Map.of(), Optional.empty()).load().settings();
    assertEquals(defaults, load(""));
    assertEquals(defaults, load("# nothing\n"));
    assertEquals(defaults, load("http:\n#  port: 1\nlog: {}\n"));
  }

  @Test
  void serviceVariablesOfKubernetesAreIgnored() throws Exception {
    environment.put("NODEQOS_HTTP_PORT", "tcp://10.0.0.1:80");
    environment.put("NODEQOS_JAVA_OPTS", "-Xmx200m");
    environment.put("NODEQOS_HTTP_SERVICE_HOST", "10.0.0.1");
    environment.put("NODEQOS_HTTP_SERVICE_PORT", "80");
    environment.put("NODEQOS_HTTP_SERVICE_PORT_METRICS", "80");
    environment.put("NODEQOS_HTTP_PORT_80_TCP", "tcp://10.0.0.1:80");
    environment.put("NODEQOS_HTTP_PORT_80_TCP_ADDR", "10.0.0.1");
    assertEquals(HttpSettings.DEFAULTS, load("").http());
  }

  @ParameterizedTest
  @CsvSource({
    "kubernetes.writesPerSecond,NaN",
    "kubernetes.writesPerSecond,1d",
    "conflictRetry.jitter,NaN",
    "brake.maxWarmNodesLost,0.2",
    "brake.maxWarmNodesLost,101%",
    "kubernetes.writesPerSecond,-1",
    "events.rate,0",
    "retry.jitter,1.01",
    "retry.base,0s",
    "conflictRetry.factor,0.9",
    "http.address,''",
    "leaderElection.enabled,yes",
    "leaderElection.leaseName,''",
    "http.address,a b",
    "metrics.perNode,sometimes",
    "resyncPeriod,1s",
  })
  void valueOutsideItsRangeIsRefused(String key, String value) throws IOException {
    flags.put(key, value);
    List<String> problems = problems("");
    assertEquals(1, problems.size(), problems.toString());
    assertTrue(
        problems.get(0).startsWith("command line: " + key + " is \"" + value + "\", but must be "),
        problems.toString());
  }

  @Test
  void unknownKeyOnTheCommandLineIsAMistake() throws IOException {
    flags.put("worker", "3");
    assertEquals(List.of("command line: unknown key worker; did you mean workers?"), problems(""));
  }

  @Test
  void catalogueDocumentsEachSettingInOneSentence() {
    List<SettingInfo> catalogue = ControllerSettings.catalogue();
    assertFalse(catalogue.isEmpty());
    for (SettingInfo setting : catalogue) {
      assertTrue(setting.doc().endsWith("."), setting.key() + ": " + setting.doc());
      assertFalse(setting.defaultValue().isEmpty(), setting.key());
    }
    assertEquals("NODEQOS_HTTP_ADMINPORT", info("http.adminPort").variable());
    assertEquals("10m", info("damping.reservationLower").defaultValue());
    assertTrue(
        SettingsTable.markdown(catalogue)
            .contains("| `http.port` | `8080` | a whole number from 0"));
  }

  private static SettingInfo info(String key) {
    return ControllerSettings.catalogue().stream()
        .filter(setting -> setting.key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  private Path file() {
    return directory.resolve("config.yaml");
  }

  private ControllerSettings load(String yaml) throws IOException, SettingsException {
    Files.writeString(file(), yaml);
    return new SettingsLoader(flags, environment, Optional.of(file())).load().settings();
  }

  private List<String> problems(String yaml) throws IOException {
    Files.writeString(file(), yaml);
    SettingsException e =
        assertThrows(
            SettingsException.class,
            () -> new SettingsLoader(flags, environment, Optional.of(file())).load().settings());
    return e.problems();
  }
}
