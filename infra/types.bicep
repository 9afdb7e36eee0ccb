// The types of the parameters.

@description('finX, as agreed with Qwist. The client secret is set in the settings vault, never here.')
@export()
type finx = {
  @description('Base address of finX\'s API.')
  baseAddress: string

  @description('Client id at finX.')
  clientId: string
}

@description('Who may call: every holder of a function key, or named Entra applications that also have a key.')
@export()
@discriminator('mode')
type callers = functionKeys | entra

type functionKeys = {
  mode: 'FunctionKeys'
}

type entra = {
  mode: 'Entra'

  @description('Client id of the app registration that stands for this API and defines its app roles.')
  clientId: string

  @description('Client ids of the applications that may call. Entra gives a token for this API to any application of the tenant, so an empty list would admit all of them.')
  @minLength(1)
  allowedApplications: string[]
}

@description('Instances of the app.')
@export()
type instances = {
  @description('Memory of an instance, in MB.')
  memory: 512 | 2048 | 4096

  @description('Maximum number of instances, over all scale groups.')
  @minValue(1)
  @maxValue(1000)
  maximum: int

  @description('HTTP calls that one instance works on at the same time.')
  @minValue(1)
  @maxValue(1000)
  httpConcurrency: int

  @description('Instances that are always ready for HTTP calls. They are billed all the time.')
  @minValue(0)
  alwaysReadyHttp: int

  @description('Instances that are always ready for the timer. They are billed all the time. One is enough, because one instance runs a tick.')
  @minValue(0)
  @maxValue(2)
  alwaysReadyTimer: int
}

@description('Who is told, and when.')
@export()
type watch = {
  @description('Addresses of the people on call.')
  email: string[]

  @description('Time without a successful tick after which the alert fires.')
  silence: 'PT15M' | 'PT30M' | 'PT1H'

  @description('Connections that need a new consent in an hour, above which the alert fires.')
  @minValue(0)
  reconsentsPerHour: int

  @description('Share of calls answered with 5xx, in percent, above which the alert fires.')
  @minValue(1)
  @maxValue(100)
  serverErrorPercent: int
}
