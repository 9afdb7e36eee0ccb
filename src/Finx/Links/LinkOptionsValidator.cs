using Microsoft.Extensions.Options;

namespace Finx.Links;

[OptionsValidator]
internal sealed partial class LinkOptionsValidator : IValidateOptions<LinkOptions>;
