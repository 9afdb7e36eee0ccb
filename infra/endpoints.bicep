// Private endpoints, and the DNS zones that resolve their names.
param location string
param tags object
param networkId string
param subnetId string

@description('Storage accounts whose blobs are used.')
param blobs string[]

@description('Storage accounts whose tables are used.')
param tables string[]

param vaults string[]

var services = {
  blob: 'privatelink.blob.${environment().suffixes.storage}'
  table: 'privatelink.table.${environment().suffixes.storage}'
  vault: 'privatelink${replace(environment().suffixes.keyvaultDns, '.vault.', '.vaultcore.')}'
}

var targets = concat(
  map(blobs, name => { name: name, type: 'Microsoft.Storage/storageAccounts', service: 'blob' }),
  map(tables, name => { name: name, type: 'Microsoft.Storage/storageAccounts', service: 'table' }),
  map(vaults, name => { name: name, type: 'Microsoft.KeyVault/vaults', service: 'vault' })
)

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for service in items(services): {
    name: service.value
    location: 'global'
    tags: tags
  }
]

resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (service, index) in items(services): {
    parent: zone[index]
    name: 'app'
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: networkId }
    }
  }
]

resource endpoint 'Microsoft.Network/privateEndpoints@2025-01-01' = [
  for target in targets: {
    name: 'pep-${target.name}-${target.service}'
    location: location
    tags: tags
    properties: {
      subnet: { id: subnetId }
      privateLinkServiceConnections: [
        {
          name: target.service
          properties: { privateLinkServiceId: resourceId(target.type, target.name), groupIds: [target.service] }
        }
      ]
    }
  }
]

resource names 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-01-01' = [
  for (target, index) in targets: {
    parent: endpoint[index]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: target.service
          properties: { privateDnsZoneId: resourceId('Microsoft.Network/privateDnsZones', services[target.service]) }
        }
      ]
    }
    dependsOn: [zone]
  }
]
