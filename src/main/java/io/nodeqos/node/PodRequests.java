// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import io.nodeqos.node.value.Quantity;
import io.nodeqos.node.value.Resources;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Function;

/**
 * The requests of a pod as the scheduler counts them: the larger of the sum of its containers and
 * of the peak while it initialises (KEP-753), replaced by the requests of the whole pod (KEP-2837),
 * plus the overhead of its runtime class (KEP-688). While a pod is being resized in place
 * (KEP-1287), the largest of the wanted, the granted and the enforced requests counts; a request
 * that the kubelet has found infeasible does not.
 *
 * @param initContainers in the order of the pod's spec, which the rule depends on
 * @param podLevel the requests of the whole pod
 * @param overhead of its runtime class
 * @param infeasible the node can never grant the wanted requests
 */
public record PodRequests(
    List<Container> initContainers,
    List<Container> containers,
    PodLevel podLevel,
    Resources overhead,
    boolean infeasible) {

  /**
   * One container.
   *
   * @param sidecar true for an init container with {@code restartPolicy: Always}: it keeps running
   *     beside the containers
   * @param granted the requests that the kubelet has admitted; empty until it reports them
   * @param inForce the requests that the container runs with; empty until the kubelet reports them
   */
  public record Container(
      boolean sidecar, Resources wanted, Optional<Resources> granted, Optional<Resources> inForce) {

    /** A container that is not being resized. */
    public static Container of(Resources wanted) {
      return new Container(false, wanted, Optional.empty(), Optional.empty());
    }

    private Resources grantedOr(Resources otherwise) {
      return granted.orElse(otherwise);
    }

    private Resources inForceOr(Resources otherwise) {
      return inForce.or(() -> granted).orElse(otherwise);
    }
  }

  /**
   * Amounts for the whole pod, by resource.
   *
   * @param wanted empty without requests of the whole pod
   * @param granted requests of the whole pod that the kubelet has admitted; empty until it reports
   *     them
   * @param inForce enforced requests of the whole pod; empty until the kubelet reports them
   */
  public record PodLevel(
      Map<String, Quantity> wanted,
      Optional<Map<String, Quantity>> granted,
      Optional<Map<String, Quantity>> inForce) {
    public static final PodLevel NONE = new PodLevel(Map.of(), Optional.empty(), Optional.empty());

    /** For the resources that can be set for a whole pod; huge pages do not matter here. */
    private boolean isSet() {
      return wanted.containsKey("cpu") || wanted.containsKey("memory");
    }

    private Map<String, Quantity> effective(boolean infeasible) {
      if (inForce.isEmpty()) {
        return wanted;
      }
      Map<String, Quantity> most = new HashMap<>(infeasible ? Map.of() : wanted);
      inForce.get().forEach((name, amount) -> most.merge(name, amount, LARGER));
      granted.orElse(Map.of()).forEach((name, amount) -> most.merge(name, amount, LARGER));
      return most;
    }
  }

  private static final BinaryOperator<Quantity> LARGER = BinaryOperator.maxBy(Quantity::compareTo);

  /** The effective request. */
  public Resources effective() {
    Resources sum = ofContainers();
    if (podLevel.isSet()) {
      Map<String, Quantity> whole = podLevel.effective(infeasible);
      Resources amounts = Resources.of(whole);
      sum =
          new Resources(
              whole.containsKey("cpu") ? amounts.cpuMilli() : sum.cpuMilli(),
              whole.containsKey("memory") ? amounts.memoryBytes() : sum.memoryBytes(),
              sum.ephemeralStorageBytes());
    }
    return sum.plus(overhead);
  }

  private Resources ofContainers() {
    Resources reported;
    if (podLevel.granted().isPresent() && podLevel.inForce().isPresent()) {
      reported = Resources.of(podLevel.granted().get()).max(Resources.of(podLevel.inForce().get()));
    } else {
      reported = total(c -> c.grantedOr(fallback(c))).max(total(c -> c.inForceOr(fallback(c))));
    }
    return infeasible ? reported : reported.max(total(Container::wanted));
  }

  private Resources fallback(Container container) {
    return infeasible ? Resources.NONE : container.wanted();
  }

  private Resources total(Function<Container, Resources> amount) {
    Resources running = Resources.NONE;
    for (Container container : containers) {
      running = running.plus(amount.apply(container));
    }
    Resources sidecars = Resources.NONE;
    Resources peak = Resources.NONE;
    for (Container init : initContainers) {
      Resources whileItStarts = sidecars.plus(amount.apply(init));
      peak = peak.max(whileItStarts);
      if (init.sidecar()) {
        sidecars = whileItStarts;
      }
    }
    return running.plus(sidecars).max(peak);
  }
}
