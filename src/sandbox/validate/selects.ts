import { z } from 'zod';
import { confirm, optionGroup, plainOption } from './composition.ts';
import { id, plainText } from './text.ts';

const common = {
  action_id: id.optional(),
  confirm: confirm.optional(),
  focus_on_load: z.boolean().optional(),
  placeholder: plainText(150).optional(),
};
const several = { ...common, max_selected_items: z.number().int().min(1).optional() };

const fromList = {
  options: z.array(plainOption).min(1).max(100).optional(),
  option_groups: z.array(optionGroup).min(1).max(100).optional(),
};
type List = { options?: unknown; option_groups?: unknown };
const hasOneList = (list: List) => (list.options === undefined) !== (list.option_groups === undefined);
const ONE_LIST = { error: 'must define either options or option_groups' };

const conversationFilter = {
  default_to_current_conversation: z.boolean().optional(),
  filter: z
    .strictObject({
      include: z
        .array(z.enum(['im', 'mpim', 'private', 'public']))
        .min(1)
        .optional(),
      exclude_external_shared_channels: z.boolean().optional(),
      exclude_bot_users: z.boolean().optional(),
    })
    .optional(),
};
const respondable = { response_url_enabled: z.boolean().optional() };
const query = { min_query_length: z.number().int().min(0).optional() };

export const SELECTS = [
  z
    .strictObject({
      type: z.literal('static_select'),
      ...common,
      ...fromList,
      initial_option: plainOption.optional(),
    })
    .refine(hasOneList, ONE_LIST),
  z
    .strictObject({
      type: z.literal('multi_static_select'),
      ...several,
      ...fromList,
      initial_options: z.array(plainOption).optional(),
    })
    .refine(hasOneList, ONE_LIST),
  z.strictObject({
    type: z.literal('external_select'),
    ...common,
    ...query,
    initial_option: plainOption.optional(),
  }),
  z.strictObject({
    type: z.literal('multi_external_select'),
    ...several,
    ...query,
    initial_options: z.array(plainOption).optional(),
  }),
  z.strictObject({ type: z.literal('users_select'), ...common, initial_user: z.string().optional() }),
  z.strictObject({
    type: z.literal('multi_users_select'),
    ...several,
    initial_users: z.array(z.string()).optional(),
  }),
  z.strictObject({
    type: z.literal('conversations_select'),
    ...common,
    ...conversationFilter,
    ...respondable,
    initial_conversation: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('multi_conversations_select'),
    ...several,
    ...conversationFilter,
    initial_conversations: z.array(z.string()).optional(),
  }),
  z.strictObject({
    type: z.literal('channels_select'),
    ...common,
    ...respondable,
    initial_channel: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('multi_channels_select'),
    ...several,
    initial_channels: z.array(z.string()).optional(),
  }),
] as const;
