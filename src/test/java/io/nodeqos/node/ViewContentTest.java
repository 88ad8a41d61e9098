// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.nodeqos.node.DaemonSetView.NodeSelectorTerm;
import io.nodeqos.node.DaemonSetView.Placement;
import io.nodeqos.node.ReservedState.NamespaceState;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.node.value.Requirement;
import io.nodeqos.node.value.Requirement.Operator;
import io.nodeqos.node.value.Resources;
import io.nodeqos.node.value.Taint;
import io.nodeqos.node.value.Toleration;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * A change of any component of a view counts: otherwise it would queue no node, and the damping of
 * writes would take a write for one without an outside cause. Components are found by reflection,
 * so that a new one counts or is named here.
 */
class ViewContentTest {
  private static final String OF_ONE_OBJECT = "the object with this uid has no other";
  private static final String VERSION = "a new version alone is no change";

  private static final Map<String, String> NODE_EXCEPTIONS =
      Map.of(
          "meta.name", OF_ONE_OBJECT,
          "meta.createdAt", OF_ONE_OBJECT,
          "meta.resourceVersion", VERSION,
          "meta.conditionWrittenAt", "it changes with the condition",
          "meta.statusReportedAt", "a heartbeat alone is no change");

  private static final Map<String, String> POD_EXCEPTIONS =
      Map.of(
          "meta.namespace", OF_ONE_OBJECT,
          "meta.name", OF_ONE_OBJECT,
          "meta.createdAt", OF_ONE_OBJECT,
          "meta.resourceVersion", VERSION);

  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");
  private static final Toleration TOLERATION = new Toleration("key", "Equal", "value", "NoExecute");
  private static final PodView.State RUNNING =
      new PodView.State("Running", true, TIME, TIME, false);

  private static final NodeView NODE =
      new NodeView(
          new NodeView.Meta("node", "uid", "7", TIME, false, TIME),
          Map.of("zone", "a"),
          Map.of(Keys.APPLIED_VERSION, "0123456789"),
          List.of(new Taint("example.com/dedicated", "value", "NoSchedule", "{}")),
          new NodeView.Status(
              Map.of("cpu", Quantity.of(4)),
              Map.of("cpu", Quantity.of(3)),
              Map.of("Ready", new NodeCondition("Ready", "True", "KubeletReady", "is ready", TIME)),
              Set.of("registry.example/app:1"),
              "boot",
              new NodeView.Software("v1.37.0", "Linux 1")));

  private static final PodView POD =
      new PodView(
          new PodView.Meta("kube-system", "pod", "uid", "7", TIME),
          "node",
          "owner",
          Map.of("app", "cni"),
          RUNNING,
          new Resources(1, 2, 3),
          List.of(TOLERATION),
          Set.of("registry.example/cni:1"));

  private static final ReservedState RESERVED =
      new ReservedState(
          Map.of(
              "kube-system",
              new NamespaceState(
                  true,
                  List.of(POD),
                  List.of(
                      new DaemonSetView(
                          "kube-system",
                          "cni",
                          "uid",
                          false,
                          Map.of("app", "cni"),
                          new Placement(
                              Map.of("zone", "a"),
                              Optional.of(
                                  List.of(
                                      new NodeSelectorTerm(
                                          List.of(requirement("zone")),
                                          List.of(requirement("metadata.name"))))),
                              List.of(TOLERATION)))))),
          Optional.of(Set.of("csi.example")),
          new ImagePulls(
              List.of(
                  new SpinnerPod(
                      new SpinnerPod.Meta("nodeqos", "spinner", "uid", TIME),
                      "node",
                      "policy",
                      "0123456789",
                      Set.of("registry.example/app:1"),
                      RUNNING,
                      new SpinnerPod.Waiting("ErrImagePull", "not found"))),
              Optional.of("no image volumes")));

  private static Requirement requirement(String key) {
    return new Requirement(key, Operator.IN, List.of("a"));
  }

  private static final StartupTaintPrefixes PREFIXES =
      new StartupTaintPrefixes(List.of("acme.io/"));

  @Test
  void nodesAreTheSameOnlyIfAllThatCountsIs() {
    assertCounts(NODE, NODE_EXCEPTIONS, NodeView::sameAs);
    assertCounts(NODE, NODE_EXCEPTIONS, byHash(n -> n.foreignHash(PREFIXES)));
  }

  @Test
  void podsAreTheSameOnlyIfAllThatCountsIs() {
    assertCounts(POD, POD_EXCEPTIONS, PodView::sameAs);
    assertCounts(POD, POD_EXCEPTIONS, byHash(PodView::contentHash));
  }

  @Test
  void hashOfReservedNamespacesCoversTheirObjects() {
    Map<String, String> exceptions = new TreeMap<>();
    POD_EXCEPTIONS.forEach(
        (path, why) -> exceptions.put("namespaces.kube-system.pods.0." + path, why));

    assertCounts(RESERVED, exceptions, byHash(ReservedState::contentHash));
  }

  @Test
  void stateThatThisControllerWritesDoesNotCountAsForeign() {
    Map<String, String> labels = new TreeMap<>(NODE.labels());
    Keys.OWN_LABELS.forEach(key -> labels.put(key, "x"));
    Map<String, String> annotations = new TreeMap<>(NODE.annotations());
    Keys.OWN_ANNOTATIONS.forEach(key -> annotations.put(key, "x"));
    NodeView.Status status = NODE.status();
    Map<String, NodeCondition> conditions = new TreeMap<>(status.conditions());
    conditions.put(
        Keys.WARMED_UP_CONDITION,
        new NodeCondition(Keys.WARMED_UP_CONDITION, "True", "WarmedUp", "", TIME));
    Map<String, Quantity> resources = Map.of(Keys.cpuResource("gold"), Quantity.of(1));

    NodeView written =
        new NodeView(
            NODE.meta(),
            labels,
            annotations,
            List.of(
                NODE.taints().get(0),
                Taint.of(Keys.STARTUP_TAINT, "NoSchedule"),
                Taint.of(Keys.AUTOSCALER_STARTUP_TAINT_PREFIX + "x", "NoSchedule"),
                Taint.of(Keys.READINESS_TAINT_PREFIX + "x", "NoSchedule"),
                Taint.of("acme.io/x", "NoSchedule")),
            new NodeView.Status(
                plus(status.capacity(), resources),
                plus(status.allocatable(), resources),
                conditions,
                status.images(),
                status.bootId(),
                status.software()));

    assertEquals(NODE.foreignHash(PREFIXES), written.foreignHash(PREFIXES));
    assertNotEquals(
        NODE.foreignHash(StartupTaintPrefixes.DEFAULT),
        written.foreignHash(StartupTaintPrefixes.DEFAULT),
        "acme.io/ is a prefix of the settings");
  }

  private static Map<String, Quantity> plus(
      Map<String, Quantity> some, Map<String, Quantity> more) {
    Map<String, Quantity> all = new TreeMap<>(some);
    all.putAll(more);
    return all;
  }

  private static <V> BiPredicate<V, V> byHash(Function<V, Integer> hash) {
    return (a, b) -> hash.apply(a).equals(hash.apply(b));
  }

  @SuppressWarnings("unchecked")
  private static <V> void assertCounts(
      V view, Map<String, String> exceptions, BiPredicate<V, V> same) {
    Set<String> withoutEffect = new TreeSet<>();
    variants("", view)
        .forEach(
            (path, variant) -> {
              assertNotEquals(view, variant, path);
              if (same.test(view, (V) variant)) {
                withoutEffect.add(path.substring(1));
              }
            });
    assertEquals(new TreeSet<>(exceptions.keySet()), withoutEffect, "components that do not count");
  }

  /** The values that differ from this one in one place, by the path of that place. */
  private static Map<String, Object> variants(String path, Object value) {
    Map<String, Object> all = new LinkedHashMap<>();
    if (value instanceof Record record) {
      RecordComponent[] components = record.getClass().getRecordComponents();
      for (int i = 0; i < components.length; i++) {
        int place = i;
        Object[] values = values(record);
        variants(path + "." + components[i].getName(), values[i])
            .forEach((p, v) -> all.put(p, with(record, place, v)));
      }
    } else if (value instanceof Map<?, ?> map) {
      all.put(path, Map.of());
      map.forEach(
          (key, v) ->
              variants(path + "." + key, v).forEach((p, other) -> all.put(p, Map.of(key, other))));
    } else if (value instanceof List<?> list) {
      all.put(path, List.of());
      variants(path + ".0", list.get(0)).forEach((p, other) -> all.put(p, List.of(other)));
    } else if (value instanceof Set<?> set) {
      all.put(path, Set.of());
    } else if (value instanceof Optional<?> optional) {
      all.put(path, Optional.empty());
      variants(path, optional.get()).forEach((p, other) -> all.put(p + "?", Optional.of(other)));
    } else {
      all.put(path, other(value));
    }
    return all;
  }

  private static Object other(Object value) {
    if (value instanceof String text) {
      return text + "-other";
    } else if (value instanceof Boolean flag) {
      return !flag;
    } else if (value instanceof Long number) {
      return number + 1;
    } else if (value instanceof Instant time) {
      return time.plusSeconds(1);
    } else if (value instanceof Quantity) {
      return Quantity.of(99);
    } else if (value instanceof Operator) {
      return Operator.NOT_IN;
    }
    throw new IllegalArgumentException("no other value is known for a " + value.getClass());
  }

  private static Object[] values(Record record) {
    return Arrays.stream(record.getClass().getRecordComponents())
        .map(
            c -> {
              try {
                c.getAccessor().setAccessible(true);
                return c.getAccessor().invoke(record);
              } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
              }
            })
        .toArray();
  }

  private static Record with(Record record, int place, Object value) {
    Object[] values = values(record);
    values[place] = value;
    try {
      Class<?>[] types =
          Arrays.stream(record.getClass().getRecordComponents())
              .map(RecordComponent::getType)
              .toArray(Class<?>[]::new);
      Constructor<?> constructor = record.getClass().getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return (Record) constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(record.getClass().getName(), e);
    }
  }
}
