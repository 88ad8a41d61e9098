// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.contract;

import org.junit.jupiter.api.Nested;

/** All topics against one server; a subclass says which. */
abstract class ContractSuite {

  abstract ContractTarget target();

  @Nested
  class Crud extends CrudContract {
    @Override
    ContractTarget target() {
      return ContractSuite.this.target();
    }
  }

  @Nested
  class Patch extends PatchContract {
    @Override
    ContractTarget target() {
      return ContractSuite.this.target();
    }
  }

  @Nested
  class Status extends StatusContract {
    @Override
    ContractTarget target() {
      return ContractSuite.this.target();
    }
  }

  @Nested
  class List extends ListContract {
    @Override
    ContractTarget target() {
      return ContractSuite.this.target();
    }
  }

  @Nested
  class Watch extends WatchContract {
    @Override
    ContractTarget target() {
      return ContractSuite.this.target();
    }
  }

  @Nested
  class Delete extends DeleteContract {
    @Override
    ContractTarget target() {
      return ContractSuite.this.target();
    }
  }

  @Nested
  class Lease extends LeaseContract {
    @Override
    ContractTarget target() {
      return ContractSuite.this.target();
    }
  }

  @Nested
  class Event extends EventContract {
    @Override
    ContractTarget target() {
      return ContractSuite.this.target();
    }
  }

  @Nested
  class CustomResource extends CustomResourceContract {
    @Override
    ContractTarget target() {
      return ContractSuite.this.target();
    }
  }

  @Nested
  class Discovery extends DiscoveryContract {
    @Override
    ContractTarget target() {
      return ContractSuite.this.target();
    }
  }
}
