// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.contract;

import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.net.URI;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** The contract suite against a real kube-apiserver, which is the truth for its assertions. */
@RealApi
class RealContractIT extends ContractSuite {
  private final ControlPlane plane;

  RealContractIT(ControlPlane plane) {
    this.plane = plane;
  }

  @Override
  ContractTarget target() {
    return new ContractTarget() {
      @Override
      public URI uri() {
        return plane.server();
      }

      @Override
      public Optional<SSLContext> tls() {
        return Optional.of(plane.tls());
      }

      @Override
      public Optional<String> token() {
        return Optional.of(plane.token());
      }

      /** A new process fills its watch caches from the state that it finds. */
      @Override
      public void forgetHistory() {
        plane.kill("kube-apiserver");
        plane.startAgain();
      }
    };
  }
}
