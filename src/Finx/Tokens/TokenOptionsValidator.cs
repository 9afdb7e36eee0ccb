using Microsoft.Extensions.Options;

namespace Finx.Tokens;

[OptionsValidator]
internal sealed partial class TokenOptionsValidator : IValidateOptions<TokenOptions>;
