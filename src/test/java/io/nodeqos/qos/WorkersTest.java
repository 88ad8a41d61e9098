// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.catalog;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static io.nodeqos.fixture.ReservedFixture.kubeSystem;
import static io.nodeqos.fixture.ReservedFixture.nothing;
import static io.nodeqos.fixture.ReservedFixture.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.node.value.Resources;
import io.nodeqos.policy.ConfigAnnotation;
import io.nodeqos.qos.WorkerRegistry.Planned;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorkersTest {
  private static final NodeView NODE = node("n").allocatable("cpu", "7").build();
  private WorkerRegistry workers;

  @BeforeEach
  void start() {
    workers = WorkerRegistry.discovered(PluginSettings.DEFAULTS, WorkerObserver.NONE);
    workers.start();
  }

  @AfterEach
  void stop() {
    workers.stop();
  }

  @Test
  void builtInWorkersAreFoundInOrder() {
    assertEquals(
        List.of("reservation", "zum", "image"),
        workers.status().stream().map(WorkerStatus::name).toList());
  }

  @Test
  void reservationIsRoundedUp() {
    assertEquals(
        "{'cpu':'450m','ephemeralStorage':'0','memory':'1664Mi'}",
        section("{'reservation': {'cpu': '401m', 'memory': '5%'}}", nothing(), "reservation"));
  }

  @Test
  void reservationCountsTheRequestsOfReservedPods() {
    ReservedState reserved =
        kubeSystem(
            List.of(
                pod("a", true, "Running", false, new Resources(100, 1, 0)),
                pod("b", true, "Succeeded", false, new Resources(5_000, 0, 0))),
            List.of());
    assertEquals(
        "{'cpu':'600m','ephemeralStorage':'0','memory':'64Mi'}",
        section(
            "{'reservation': {'cpu': '500m', 'countReservedPods': true}}",
            reserved,
            "reservation"));
  }

  @Test
  void quotasAreSharesOfTheRestRoundedDown() {
    Planned planned =
        plan(
            """
            {'reservation': {'cpu': '2', 'memory': '2Gi'},
             'quota': {'classes': [
               {'name': 'gold', 'cpu': {'weight': 200, 'max': '33%'}, 'memory': {'min': '1Gi', 'max': '50%'},
                'io': {'weight': 100}, 'advertise': {'cpu': '33%', 'memory': '50%'}},
               {'name': 'idle'}]}}
            """,
            nothing());
    // min(allocatable 7, capacity 8 - 2) = 6 cores; 30 GiB.
    assertEquals(
        "{'classes':[{'cpu':{'max':'198000 100000','weight':200},'io':{'weight':100},"
            + "'memory':{'max':16106127360,'min':1073741824},'name':'gold'},{'name':'idle'}]}",
        json(planned, "quota"));
    assertEquals(
        Map.of(
            "nodeqos.io/gold-cpu", Quantity.of(1980),
            "nodeqos.io/gold-memory", Quantity.of(16106127360L)),
        planned.extendedResources());
  }

  @Test
  void hugePagesAreNeitherReservedNorShared() {
    NodeView huge =
        node("n")
            .resource("memory", "64Gi")
            .resource("hugepages-2Mi", "8Gi")
            .resource("hugepages-1Gi", "16Gi")
            .allocatable("memory", "39Gi")
            .build();
    String quota = "'quota': {'classes': [{'name': 'a', 'advertise': {'memory': '100%'}}]}";
    // min(allocatable 39, capacity 64 - 24 - reservation)
    Map.of("512Mi", "39Gi", "2Gi", "38Gi", "40Gi", "0")
        .forEach(
            (reserved, left) -> {
              String spec = "{'reservation': {'memory': '" + reserved + "'}, " + quota + "}";
              assertEquals(
                  Map.of("nodeqos.io/a-memory", Quantity.parse(left)),
                  workers.plan(input(huge, spec, nothing())).extendedResources());
            });
    assertEquals(
        Optional.of("the reservation of 40Gi memory leaves nothing of the node's 40Gi"),
        new TenantCapacity(huge, new Resources(0, 40L << 30, 0)).shortage());
  }

  @Test
  void reservationAboveTheCapacityLeavesNothing() {
    Planned planned =
        plan(
            "{'reservation': {'cpu': '100'}, 'quota': {'classes': [{'name': 'a', 'advertise': {'cpu': '50%'}}]}}",
            nothing());
    assertEquals(Map.of("nodeqos.io/a-cpu", Quantity.of(0)), planned.extendedResources());
  }

  @Test
  void imagesArePublishedInFull() {
    assertEquals(
        "['docker.io/library/nginx:1']",
        section("{'images': [{'ref': 'nginx:1'}]}", nothing(), "images"));
  }

  @Test
  void reservationCanBeReadBackFromTheAnnotation() {
    Planned planned = plan("{'reservation': {'cpu': '401m', 'memory': '5%'}}", nothing());
    assertEquals(
        planned.reservation(),
        ConfigAnnotation.reservation(
            ConfigAnnotation.write(
                catalog(policy("p", "{}")).snapshot().compile(NODE), planned.config())));
    assertEquals(Optional.empty(), ConfigAnnotation.reservation("not json"));
    assertEquals(
        Optional.empty(),
        ConfigAnnotation.reservation("{'reservation':{'cpu':'x'}}".replace('\'', '"')));
  }

  @Test
  void throwingWorkerChangesOnlyItsOwnStatus() {
    WorkerRegistry withBad =
        WorkerRegistry.of(List.of(new ImageWorker(), new Throwing()), WorkerObserver.NONE);
    withBad.start();
    Planned planned = withBad.plan(input("{'images': [{'ref': 'nginx:1'}]}", nothing()));
    assertEquals(List.of("throwing"), planned.failed());
    assertTrue(planned.config().containsKey("images"));
    WorkerStatus bad = withBad.status().get(1);
    assertFalse(bad.healthy());
    assertEquals(Optional.of("plan: java.lang.IllegalStateException: broken"), bad.error());
    assertTrue(withBad.status().get(0).healthy());
    withBad.stop();
    assertEquals(WorkerStatus.State.STOPPED, withBad.status().get(1).state());
  }

  @Test
  void workerWithAThrowingStatusDoesNotHideOtherWorkers() {
    WorkerRegistry withBad =
        WorkerRegistry.of(List.of(new ImageWorker(), new Silent()), WorkerObserver.NONE);
    withBad.start();
    List<WorkerStatus> status = withBad.status();
    assertTrue(status.get(0).healthy());
    assertEquals(
        Optional.of("status: java.lang.IllegalStateException: broken"), status.get(1).error());
  }

  @Test
  void contributionWithANullIsTheFailureOfItsWorker() {
    WorkerRegistry withBad = WorkerRegistry.of(List.of(new Silent()), WorkerObserver.NONE);
    withBad.start();
    assertEquals(List.of("silent"), withBad.plan(input("{}", nothing())).failed());
  }

  @Test
  void enormousQuotaDoesNotOverflow() {
    String quota =
        section(
            "{'quota': {'classes': [{'name': 'a', 'cpu': {'max': '9E'}}]}}", nothing(), "quota");
    assertEquals("{'classes':[{'cpu':{'max':'9223372036854775800 100000'},'name':'a'}]}", quota);
  }

  private static final class Silent implements QosWorker {
    @Override
    public String name() {
      return "silent";
    }

    @Override
    public int order() {
      return 99;
    }

    @Override
    public Contribution plan(WorkerInput input) {
      Map<String, Object> config = new HashMap<>();
      config.put("broken", null);
      return new Contribution(config, Map.of(), Optional.empty());
    }

    @Override
    public WorkerHealth status() {
      throw new IllegalStateException("broken");
    }
  }

  private static final class Throwing implements QosWorker {
    @Override
    public String name() {
      return "throwing";
    }

    @Override
    public int order() {
      return 99;
    }

    @Override
    public Contribution plan(WorkerInput input) {
      throw new IllegalStateException("broken");
    }
  }

  private String section(String spec, ReservedState reserved, String section) {
    return json(plan(spec, reserved), section);
  }

  private static String json(Planned planned, String section) {
    return new Gson().toJson(planned.config().get(section)).replace('"', '\'');
  }

  private Planned plan(String spec, ReservedState reserved) {
    return workers.plan(input(spec, reserved));
  }

  private static WorkerInput input(String spec, ReservedState reserved) {
    return input(NODE, spec, reserved);
  }

  private static WorkerInput input(NodeView node, String spec, ReservedState reserved) {
    return new WorkerInput(
        node,
        reserved,
        catalog(policy("p", spec)).snapshot().compile(node),
        Optional.empty(),
        Resources.NONE);
  }
}
