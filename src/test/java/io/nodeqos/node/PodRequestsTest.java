// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.node.PodRequests.Container;
import io.nodeqos.node.PodRequests.PodLevel;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.node.value.Resources;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of {@code PodRequests} in k8s.io/component-helpers/resource, in a table. */
class PodRequestsTest {
  /**
   * Containers are written {@code wanted}, {@code wanted/granted} or {@code
   * wanted/granted/inForce}, in milli-cores; a sidecar has a {@code +} before it.
   */
  @ParameterizedTest(name = "init [{0}] containers [{1}] pod [{2}] overhead {3}: {4}")
  @CsvSource({
    // Containers add up; the overhead comes on top.
    "'',              '100 200',        '',     50, 350",
    "'',              '',               '',     50, 50",
    // Init containers run one after the other: the largest counts, if it is above the sum.
    "'500 400',       '100',            '',     0,  500",
    "'50 40',         '100',            '',     0,  100",
    "'500',           '100',            '',     50, 550",
    // A sidecar runs beside the containers and the init containers after it, not those before.
    "'+100',          '200',            '',     0,  300",
    "'300 +100 350',  '200',            '',     0,  450",
    "'300 +100 350',  '400',            '',     0,  500",
    "'500 +100',      '200',            '',     0,  500",
    "'+100 +200',     '50',             '',     0,  350",
    "'+100 300 +200', '50',             '',     0,  400",
    "'+100 300 +200', '250',            '',     0,  550",
    "'+100 +200',     '',               '',     50, 350",
    // Pod-level resources replace the sum of the containers, up or down.
    "'',              '100 200',        '1000', 0,  1000",
    "'500',           '100 200',        '400',  0,  400",
    "'+100',          '200',            '250',  50, 300",
    // A resize: the largest of the wanted, granted and effective amount counts.
    "'',              '100/100/100',    '',     0,  100",
    "'',              '300/100/100',    '',     0,  300",
    "'',              '100/300/300',    '',     0,  300",
    "'',              '100/100/300',    '',     0,  300",
    "'',              '100/300',        '',     0,  300",
    "'',              '300/100/100 50', '',     0,  350",
    "'+200/400/400',  '100',            '',     0,  500",
    // Of sums, not the sum of the largest.
    "'',              '100/300/300 300/100/100', '', 0, 400",
    // Of the whole pod.
    "'',              '100',            '500/400/300', 0, 500",
    "'',              '100',            '300/400/500', 0, 500",
    "'',              '100',            '300/600/500', 10, 610",
  })
  void requestEqualsThatOfTheScheduler(
      String init, String containers, String pod, long overhead, long expected) {
    assertEquals(expected, request(init, containers, pod, overhead, false));
  }

  @ParameterizedTest(name = "containers [{0}] pod [{1}]: {2}")
  @CsvSource({
    "'300/100/100',     '',            100",
    "'300/100/200',     '',            200",
    "'300/100/100 50/50/50', '',       150",
    "'100',             '900/400/300', 400",
  })
  void infeasibleResizeDoesNotCount(String containers, String pod, long expected) {
    assertEquals(expected, request("", containers, pod, 0, true));
  }

  @Test
  void resourcesAreCountedSeparately() {
    PodRequests pod =
        new PodRequests(
            List.of(Container.of(new Resources(500, 10, 7))),
            List.of(Container.of(new Resources(100, 90, 0))),
            new PodLevel(
                Map.of("memory", Quantity.parse("70")), Optional.empty(), Optional.empty()),
            new Resources(1, 2, 3),
            false);
    assertEquals(new Resources(501, 72, 10), pod.effective());
  }

  @Test
  void hugePagesOfTheWholePodReplaceNothing() {
    PodRequests pod =
        new PodRequests(
            List.of(),
            List.of(Container.of(new Resources(100, 90, 0))),
            new PodLevel(
                Map.of("hugepages-2Mi", Quantity.parse("4Mi")), Optional.empty(), Optional.empty()),
            Resources.NONE,
            false);
    assertEquals(new Resources(100, 90, 0), pod.effective());
  }

  @Test
  void fractionsAreRoundedUpAsTheSchedulerDoes() {
    assertEquals(
        new Resources(101, 129, 1),
        Resources.of(
            Map.of(
                "cpu", Quantity.parse("100100u"),
                "memory", Quantity.parse("128001m"),
                "ephemeral-storage", Quantity.parse("1m"))));
  }

  private static long request(
      String init, String containers, String pod, long overhead, boolean infeasible) {
    Resources effective =
        new PodRequests(
                containers(init),
                containers(containers),
                pod.isEmpty() ? PodLevel.NONE : podLevel(pod.split("/", -1)),
                new Resources(overhead, 0, 0),
                infeasible)
            .effective();
    return effective.cpuMilli();
  }

  private static PodLevel podLevel(String[] amounts) {
    return new PodLevel(
        Map.of("cpu", Quantity.ofMilli(Long.parseLong(amounts[0]))),
        part(amounts, 1).map(r -> Map.of("cpu", Quantity.ofMilli(r.cpuMilli()))),
        part(amounts, 2).map(r -> Map.of("cpu", Quantity.ofMilli(r.cpuMilli()))));
  }

  private static List<Container> containers(String text) {
    return Arrays.stream(text.split(" ", -1))
        .filter(one -> !one.isEmpty())
        .map(
            one -> {
              String[] amounts = one.replace("+", "").split("/", -1);
              return new Container(
                  one.startsWith("+"),
                  part(amounts, 0).orElseThrow(),
                  part(amounts, 1),
                  part(amounts, 2));
            })
        .collect(Collectors.toList());
  }

  private static Optional<Resources> part(String[] amounts, int index) {
    return index < amounts.length
        ? Optional.of(new Resources(Long.parseLong(amounts[index]), 0, 0))
        : Optional.empty();
  }
}
