// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.lives;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.cli.simulate.cluster.CacheFeed;
import io.nodeqos.cli.simulate.cluster.ClusterObjects;
import io.nodeqos.cli.simulate.cluster.ClusterObserver;
import io.nodeqos.cli.simulate.cluster.ControllerWrite;
import io.nodeqos.cli.simulate.cluster.VirtualCluster;
import io.nodeqos.cli.simulate.cluster.VirtualCluster.Installation;
import io.nodeqos.events.QosEvent;
import io.nodeqos.node.Keys;
import io.nodeqos.sim.fleet.FleetMix;
import io.nodeqos.sim.fleet.FleetObjects;
import io.nodeqos.sim.fleet.FleetSettings;
import io.nodeqos.sim.fleet.FleetTimings;
import io.nodeqos.sim.store.StoredEvent;
import io.nodeqos.sim.virtual.VirtualApi;
import io.nodeqos.yaml.NotYamlException;
import io.nodeqos.yaml.YamlText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The cluster of a life: the embedded API, a fleet, a leader, and all who act on them. */
final class LifeCluster {
  /** A namespace with pods that is reserved at times. */
  static final String EXTRA = "extra";

  private static final String NAMESPACE = "nodeqos-system";
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final int NODES = 3;
  private static final int MOST_NODES = 5;
  private static final int ROUNDS = 6;
  private static final Duration ROUND = Duration.ofMinutes(1);

  /** Longer than the longest damping, and than one resync. */
  private static final Duration QUIET = Duration.ofMinutes(11);

  private final JsonObject crd;
  private final List<ControllerWrite> writes = new ArrayList<>();
  private String settings = "default";
  private long restores;
  private boolean agentsAnswer;
  private VirtualCluster cluster;
  private PolicyAuthors authors;

  private LifeCluster(JsonObject crd) {
    this.crd = crd;
  }

  static JsonObject crd() {
    try {
      return new YamlText(Files.readString(Path.of("manifests/crd.yaml")))
          .documents()
          .get(0)
          .getAsJsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NotYamlException e) {
      throw new AssertionError(e);
    }
  }

  static LifeCluster begin(JsonObject crd) {
    LifeCluster life = new LifeCluster(crd);
    life.restore(
        ClusterObjects.madeUp(
            new FleetSettings(
                NODES,
                1,
                Duration.ZERO,
                Duration.ofMinutes(5),
                new FleetMix(0, 0, 1, 0, false, Map.of()),
                FleetTimings.demo()),
            NAMESPACE,
            START));
    life.authors = new PolicyAuthors(life.cluster.api());
    life.cluster.api().restore(CacheFeed.NAMESPACES, ClusterObjects.namespace(EXTRA, false));
    life.around().agent(EXTRA, "extra-agent");
    return life;
  }

  /**
   * A cluster with the same objects, but those of the controller, and the same policies in force.
   */
  LifeCluster untouched() {
    LifeCluster fresh = new LifeCluster(crd);
    fresh.settings = settings;
    fresh.agentsAnswer = true;
    fresh.restores = restores;
    fresh.restore(new UntouchedObjects(NAMESPACE, authors.lastValid()).of(cluster.objects()));
    fresh.authors = new PolicyAuthors(fresh.cluster.api());
    return fresh;
  }

  private void restore(ClusterObjects objects) {
    restores++;
    cluster =
        VirtualCluster.restore(
            objects,
            crd,
            new Installation(NAMESPACE, LifeSettings.named(settings)),
            FleetTimings.demo(),
            restores);
    cluster.observe(
        new ClusterObserver() {
          @Override
          public void nodeChanged(StoredEvent change) {
            if (agentsAnswer && change.type() != StoredEvent.Type.DELETED) {
              around().acknowledge(change.object());
            }
          }

          @Override
          public void wrote(ControllerWrite write) {
            writes.add(write);
          }

          @Override
          public void published(QosEvent event) {}
        });
  }

  private Surroundings around() {
    return new Surroundings(cluster.api(), NAMESPACE);
  }

  PolicyAuthors authors() {
    return authors;
  }

  /**
   * @param invalid uids of policies of which a former version is in force
   */
  Map<String, String> state(Set<String> invalid) {
    return OwnState.of(cluster.api(), NAMESPACE, invalid);
  }

  void step(LifeStep step) {
    act(step);
    cluster.run(step.pause());
  }

  private void act(LifeStep step) {
    VirtualApi api = cluster.api();
    switch (step.act()) {
      case APPLY ->
          authors.apply(step.policy(), JsonParser.parseString(step.value()).getAsJsonObject());
      case BREAK -> {
        // A version that no controller has seen and stored was never in force.
        cluster.run(Duration.ofSeconds(20));
        authors.makeInvalid(step.policy());
      }
      case BACK -> authors.goBack(step.policy());
      case DELETE -> authors.delete(step.policy());
      case REPLACE -> authors.replace(step.policy());
      case LABEL ->
          node(step)
              .ifPresent(n -> around().label(CacheFeed.NODES + "/" + n, "pool", step.value()));
      case JOIN -> join(step);
      case LEAVE -> node(step).ifPresent(n -> api.delete(CacheFeed.NODES + "/" + n));
      case REBOOT -> node(step).ifPresent(cluster::reboot);
      case FAIL_POD -> pod(step).ifPresent(cluster::fail);
      case DELETE_POD -> pod(step).ifPresent(around()::evict);
      case AGENT -> around().agent("kube-system", "agent");
      case NO_AGENT -> {
        // The simulated DaemonSet controller does not look again while it makes pods.
        cluster.run(Duration.ofSeconds(1));
        api.delete("/apis/apps/v1/namespaces/kube-system/daemonsets/agent");
      }
      case NAMESPACE -> {
        around().label(CacheFeed.NAMESPACES + "/" + EXTRA, Keys.RESERVED, step.value());
        cluster.restartController();
      }
      case FAIL_OVER -> cluster.restartController();
      case SETTINGS -> settings(step.value());
      case FOREIGN -> node(step).ifPresent(n -> new OtherWriter(api).change(n, step.value()));
      case ACKNOWLEDGE -> around().acknowledge();
      case ALLOW -> authors.allow();
    }
  }

  /** Kubelets begin anew, so that what they do must have come to its end. */
  private void settings(String name) {
    cluster.run(Duration.ofMinutes(1));
    settings = name;
    restore(cluster.objects());
    authors.moveTo(cluster.api());
  }

  private List<String> nodes() {
    return cluster.api().objects(CacheFeed.NODES).stream().map(n -> n.key().name()).toList();
  }

  private Optional<String> node(LifeStep step) {
    List<String> names = nodes();
    return names.isEmpty() ? Optional.empty() : Optional.of(names.get(step.node() % names.size()));
  }

  private void join(LifeStep step) {
    if (nodes().size() < MOST_NODES) {
      node(step)
          .filter(around()::hasDrivers)
          .ifPresent(
              like ->
                  cluster.join(
                      like,
                      NODES,
                      step.value().equals("tainted")
                          ? Optional.of(FleetObjects.startupTaint())
                          : Optional.empty(),
                      Duration.ZERO));
    }
  }

  private Optional<JsonObject> pod(LifeStep step) {
    List<JsonObject> pods = around().pods();
    return pods.isEmpty() ? Optional.empty() : Optional.of(pods.get(step.node() % pods.size()));
  }

  /** All around the controller becomes well, for good. */
  void calm() {
    cluster.run(ROUND);
    agentsAnswer = true;
    around().acknowledge();
    around().label(CacheFeed.NAMESPACES + "/" + EXTRA, Keys.RESERVED, "true");
    cluster.restartController();
    authors.bringBack();
    authors.mend();
  }

  private void rounds() {
    for (int i = 0; i < ROUNDS; i++) {
      around().replaceFailedPods();
      around().replaceOutdatedPods();
      authors.allow();
      cluster.run(ROUND);
      assertEquals(List.of(), authors.waiting(), "policies that wait for the controller");
    }
    assertEquals(List.of(), authors.deleted(), "deleted policies that stay");
  }

  /** The controller comes to its end. */
  void settle() {
    rounds();
    cluster.run(QUIET);
  }

  /** Nothing happens for long, and nothing is written. */
  void quiet() {
    writes.clear();
    cluster.run(QUIET);
    assertEquals(List.of(), writes, "writes in quiet");
  }

  /** A process that remembers nothing leaves all as it is. */
  void failOverInQuiet() {
    writes.clear();
    cluster.restartController();
    cluster.run(Duration.ofMinutes(5));
    assertEquals(List.of(), writes, "writes of a new leader in quiet");
  }
}
