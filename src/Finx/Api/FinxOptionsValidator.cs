using Microsoft.Extensions.Options;

namespace Finx.Api;

[OptionsValidator]
internal sealed partial class FinxOptionsValidator : IValidateOptions<FinxOptions>;
