// The function app on Flex Consumption: its instances, its settings, and who may call it.
import { callers as callerRules, finx as finxClient, instances as appInstances } from 'types.bicep'

param name string
param location string
param tags object
param identityName string
param insightsName string
param hostStorageName string
param packageContainer string
param stateStorageName string
param auditStorageName string
param tokenVaultNames string[]
param settingsVaultName string
param subnetId string?
param zoneRedundant bool
param instances appInstances
param siteUpdates string
param finx finxClient
param allowedReturnUris string[]
param callbackAddress string
param callers callerRules
param rotationSchedule string
param settings { *: string }

// Called by browsers, probes and readers of the contract, which send no token.
var anonymousPaths = ['/api/callback', '/api/health', '/api/health/live', '/api/openapi.json']

var alwaysReady = filter(
  [
    { name: 'http', instanceCount: instances.alwaysReadyHttp }
    { name: 'function:RotateRefreshTokens', instanceCount: instances.alwaysReadyTimer }
  ],
  group => group.instanceCount > 0
)

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource hostStorage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: hostStorageName
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: 'plan-${name}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    keyVaultReferenceIdentity: identity.id
    virtualNetworkSubnetId: subnetId
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      remoteDebuggingEnabled: false
    }
    functionAppConfig: {
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${hostStorage.properties.primaryEndpoints.blob}${packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instances.memory
        maximumInstanceCount: instances.maximum
        alwaysReady: alwaysReady
        triggers: { http: { perInstanceConcurrency: instances.httpConcurrency } }
      }
      #disable-next-line BCP037 // Documented, but not yet among the types.
      siteUpdateStrategy: { type: siteUpdates }
    }
  }

  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }

  resource appSettings 'config' = {
    name: 'appsettings'
    properties: union(
      {
        AzureWebJobsStorage__accountName: hostStorageName
        AzureWebJobsStorage__credential: 'managedidentity'
        AzureWebJobsStorage__clientId: identity.properties.clientId
        AZURE_CLIENT_ID: identity.properties.clientId
        APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
        APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
        RotationSchedule: rotationSchedule
        Callers__Mode: callers.mode
        Finx__BaseAddress: finx.baseAddress
        Finx__ClientId: finx.clientId
        Finx__ClientSecret: '@Microsoft.KeyVault(SecretUri=https://${settingsVaultName}${environment().suffixes.keyvaultDns}/secrets/finx-client-secret)'
        Links__CallbackAddress: empty(callbackAddress) ? 'https://${app.properties.defaultHostName}/api/callback' : callbackAddress
        Audit__Endpoint: 'https://${auditStorageName}.table.${environment().suffixes.storage}'
        Tables__Endpoint: 'https://${stateStorageName}.table.${environment().suffixes.storage}'
      },
      toObject(range(0, length(allowedReturnUris)), index => 'Links__AllowedReturnUris__${index}', index => allowedReturnUris[index]),
      toObject(
        range(0, length(tokenVaultNames)),
        index => 'Vaults__Addresses__${index}',
        index => 'https://${tokenVaultNames[index]}${environment().suffixes.keyvaultDns}'
      ),
      callers.mode == 'Entra'
        ? {
            WEBSITE_AUTH_AAD_ALLOWED_TENANTS: tenant().tenantId
            WEBSITE_AUTH_AAD_REQUIRE_CLIENT_SERVICE_PRINCIPAL: 'true'
          }
        : {},
      settings
    )
  }

  resource authentication 'config' = {
    name: 'authsettingsV2'
    properties: callers.mode == 'Entra'
      ? {
          platform: { enabled: true }
          globalValidation: {
            requireAuthentication: true
            unauthenticatedClientAction: 'Return401'
            excludedPaths: anonymousPaths
          }
          httpSettings: { requireHttps: true }
          login: { tokenStore: { enabled: false } }
          identityProviders: {
            azureActiveDirectory: {
              enabled: true
              registration: {
                clientId: callers.clientId
                openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
              }
              validation: {
                allowedAudiences: [callers.clientId, 'api://${callers.clientId}']
                defaultAuthorizationPolicy: { allowedApplications: callers.allowedApplications }
              }
            }
          }
        }
      : { platform: { enabled: false } }
  }
}

output hostName string = app.properties.defaultHostName
output callbackAddress string = empty(callbackAddress) ? 'https://${app.properties.defaultHostName}/api/callback' : callbackAddress
